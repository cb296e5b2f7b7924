#!/bin/sh
exec python -m billing "$@"
