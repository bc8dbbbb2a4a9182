#!/usr/bin/env bash
# Exports the shared corpus and gives the files to the programs that really read them.
# usage: verify-with-consumers.sh EXPORT-PROGRAM SHARED-ENVFILE-FOLDER
set -euo pipefail
[ -d "$2" ] || { echo "skipped: the shared folder is not there"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" "$folder" "$2/corpus.json"
# Every consumer of these formats is a Debian package that the installer brings, so a missing one (3) is a failure too. Only systemd's
# service manager needs root, or namespaces that not every user may make; its own parser is asked in any case.
status=0
/usr/bin/python3 "$2/verify-with-consumers.py" "$folder" --only systemd-envfile,shell,python-dotenv | tee "$folder/report" || status=$?
if [ "$status" -eq 3 ] && [ "$(id -u)" -ne 0 ] && ! grep '^MISSING' "$folder/report" | grep -qv 'systemd service manager'; then
    echo "not asked, for want of root: systemd's service manager"
    exit 0
fi
exit "$status"
