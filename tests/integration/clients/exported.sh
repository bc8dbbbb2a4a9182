#!/usr/bin/env bash
# The seed scenario, whole, inside the namespace of in-azure-namespace.sh and a session with a keychain: paste what az printed, for
# Azure's public cloud as it stands in the program; export the environment file; a service with that file lists its blobs.
# usage: exported.sh FOLDER-OF-THE-PROGRAMS
set -eu
programs=$1
here=$(cd "$(dirname "$0")" && pwd)
ROLESCOPE_CONFIG_DIR=$(mktemp -d)
export ROLESCOPE_CONFIG_DIR
trap 'rm -rf "$ROLESCOPE_CONFIG_DIR"' EXIT

pasted=$(/usr/bin/python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["principals"][0]["file"])' "$SANDBOX_READY")
"$programs/rolescope-cli" principal add --name service --environment production --from "$pasted"
"$programs/rolescope-cli" containers service --account https://contosoprod.blob.core.windows.net
"$programs/rolescope-cli" export service --format systemd-envfile --output "$ROLESCOPE_CONFIG_DIR/service.env"
[ "$(stat -c %a "$ROLESCOPE_CONFIG_DIR/service.env")" = 600 ]
/usr/bin/python3 "$here/seed_scenario.py" "$ROLESCOPE_CONFIG_DIR/service.env" contosoprod
