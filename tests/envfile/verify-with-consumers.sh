#!/usr/bin/env bash
# Exports the shared corpus and one of our own, and gives the files to the programs that really read them.
# usage: verify-with-consumers.sh EXPORT-PROGRAM SHARED-ENVFILE-FOLDER
set -euo pipefail
[ -d "$2" ] || { echo "skipped: the shared folder is not there"; exit 77; }
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
/usr/bin/python3 "$here/nasty_corpus.py" "$2/corpus.json" >"$folder/corpus.json"
"$1" "$folder" "$folder/corpus.json"
# cron answers once a minute: it waits beside the others.
/usr/bin/python3 "$here/verify.py" "$2" "$folder" --slow --only crontab,supervisord >"$folder/slow" 2>&1 &
slow=$!
# Two at a time: most of the time goes into starting one program for each file.
halves=$(/usr/bin/python3 - "$folder/expected.json" <<'PYTHON'
import json
import sys
HEAVY = {"gh-dotenv", "k8s-from-env-file", "gunicorn", "direnv", "uwsgi"}  # about half of the time
formats = {e["format"] for e in json.load(open(sys.argv[1]))["entries"]} - {"crontab", "supervisord"}
print(",".join(sorted(formats & HEAVY)), ",".join(sorted(formats - HEAVY)))
PYTHON
)
status=0
/usr/bin/python3 "$here/verify.py" "$2" "$folder" --only "${halves% *}" >"$folder/half" 2>&1 &
half=$!
/usr/bin/python3 "$here/verify.py" "$2" "$folder" --only "${halves#* }" || status=$?
wait "$half" || status=$?
cat "$folder/half"
wait "$slow" || status=$?
cat "$folder/slow"
exit "$status"
