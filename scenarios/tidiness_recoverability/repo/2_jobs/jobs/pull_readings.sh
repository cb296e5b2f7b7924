#!/bin/sh
# Fetch today's readings of the stations named as arguments.
set -u
. jobs/functions.sh

status=0
for station in "$@"; do
  if ! scp -q "$station:/srv/station/today.csv" "readings/$station.csv"; then
    say "$station: no readings"
    status=1
  fi
done
exit "$status"
