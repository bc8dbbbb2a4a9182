#!/usr/bin/env bash
# Exports the shared corpus and gives the files to the programs that really read them.
# usage: verify-with-consumers.sh EXPORT-PROGRAM SHARED-ENVFILE-FOLDER
set -eu
[ -d "$2" ] || { echo "skipped: the shared folder is not there"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" "$folder"
# Every consumer of these formats is a Debian package that the installer brings, so a missing one (3) is a failure too.
/usr/bin/python3 "$2/verify-with-consumers.py" "$folder"
