#!/usr/bin/env bash
# Every probe is harmless: all data of every account is the same before and after a full check by a principal that may do everything.
# usage: run.sh FOLDER-OF-THE-PROGRAMS; needs a session with a keychain.
set -eu
programs=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
export ROLESCOPE_CONFIG_DIR=$work/config

mkfifo "$work/ready"
"$programs/rolescope-sandbox" --with-parent --state "$work/sandbox" >"$work/ready" &
sandbox=$!
trap 'kill "$sandbox" 2>/dev/null || true; wait "$sandbox" 2>/dev/null || true; rm -rf "$work"' EXIT
IFS= read -r -t 60 ready <"$work/ready"
printf '%s' "$ready" >"$work/ready.json"

/usr/bin/python3 "$here/harmless.py" "$programs" "$work/ready.json" "$work"
