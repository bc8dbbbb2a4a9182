#!/usr/bin/env bash
# Drives the desktop as a person would: paste, save, token, browse, check, why, export; light and dark, at scale 1 and 2.
# usage: run.sh FOLDER-OF-THE-PROGRAMS FOLDER-FOR-SCREENSHOTS
set -eu
here=$(cd "$(dirname "$0")" && pwd)
installer=$here/../../installer
mkdir -p "$2"
export QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1 NO_AT_BRIDGE=0
one() { # SCALE SCHEME SCREEN
    QT_SCALE_FACTOR=$1 "$installer/with-keyring" xvfb-run -a -s "-screen 0 $3" \
        /usr/bin/python3 "$here/journey.py" "$programs" "$2" "$shots/$2-$1"
}
programs=$1 shots=$2
one 1 light 1280x860x24
one 2 dark 2560x1720x24
