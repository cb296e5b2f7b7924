#!/bin/sh
set -eu

# logs in
connect() {
  cat <<END
# no comment
END
  curl --fail \
    "$1"
}
