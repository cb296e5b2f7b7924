# Functions of the jobs; a job reads them with `. jobs/functions.sh`.

say() {
  printf '%s %s\n' "$(date +%H:%M)" "$*" >&2
}

# Run a command, three times at most.
retry() {
  for attempt in 1 2 3; do
    "$@" && return 0
    say "attempt $attempt failed: $1"
  done
  return 1
}
