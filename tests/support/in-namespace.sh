#!/usr/bin/env bash
# Runs a command as root of private namespaces: the machine's own root, or one in a user namespace. Where the kernel refuses those, as it does
# inside a chroot, sudo helps.
# usage: in-namespace.sh UNSHARE-OPTION... -- COMMAND [ARGUMENT...]
set -eu
if ! mountpoint -q /; then
    printf 'error: this test needs / to be a mount, and this is a chroot into a plain folder; bind the folder to itself before chroot\n' >&2
    exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
    exec unshare "$@"
fi
if unshare --user --map-root-user true 2>/dev/null; then
    exec unshare --user --map-root-user "$@"
fi
if sudo -n true 2>/dev/null; then
    exec "$(dirname "$0")/as-root.sh" unshare "$@"
fi
printf 'error: this test needs private namespaces. The kernel refuses them to a user here (as inside a chroot), and sudo is not there or
asks for a password; run "sudo -v" first, or run the tests as root\n' >&2
exit 1
