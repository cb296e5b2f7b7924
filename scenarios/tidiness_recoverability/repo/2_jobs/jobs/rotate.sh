#!/bin/sh
# Delete all but the newest files of a folder: rotate.sh FOLDER COUNT
set -eu

ls -1t "$1" | tail -n +"$(($2 + 1))" | while read -r name; do
  rm -- "$1/$name"
done
