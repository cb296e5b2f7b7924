#!/bin/sh
# Send the readings to the met office.
set -eu
. jobs/functions.sh

retry rsync -a readings/ office:/srv/incoming/tern_point/
say "readings sent"
