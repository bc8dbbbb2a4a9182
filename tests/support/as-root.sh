#!/usr/bin/env bash
# Runs a command as root: as it is for root, by sudo for a user who needs no password for it (./installer/test asked a while ago).
# The command gets the caller's environment, but root's HOME and none of the caller's session: root cannot use another user's bus.
# usage: as-root.sh COMMAND [ARGUMENT...]
set -eu
[ "$(id -u)" -ne 0 ] || exec "$@"
if ! sudo -n true 2>/dev/null; then
    printf 'error: this test needs root, and sudo is not there or asks for a password; run "sudo -v" first, or run the tests as root: %s\n' \
        "$1" >&2
    exit 1
fi
variables=()
while IFS= read -r -d '' variable; do
    case $variable in
        HOME=* | USER=* | LOGNAME=* | MAIL=* | XDG_* | DBUS_* | SUDO_* | GNOME_KEYRING_CONTROL=* | BASH_FUNC_*) ;;
        *) variables+=("$variable") ;;
    esac
done < <(env -0)
home=$(getent passwd 0 | cut -d: -f6)
# What Python would write beside the tests would be root's.
exec sudo -n -- env -i "${variables[@]}" HOME="$home" USER=root LOGNAME=root PYTHONDONTWRITEBYTECODE=1 "$@"
