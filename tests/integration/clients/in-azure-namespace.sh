#!/usr/bin/env bash
# Runs a command where Azure's own host names lead to the sandbox: in a private mount and network namespace, with the sandbox on
# port 443 of loopback addresses, its names in /etc/hosts and its authority among the system's. Nothing outside is touched, and
# the command reaches no other network. Needs root, user namespaces, or sudo.
#
# usage: in-azure-namespace.sh ROLESCOPE-SANDBOX COMMAND [ARGUMENT...]
#        The command finds the sandbox's ready line in the file $SANDBOX_READY. SANDBOX_SCENARIO: a command that prints another company
#        than the sandbox's own, which it finds on its standard input.
set -eu

if [ "${ROLESCOPE_INSIDE_NAMESPACE:-}" != yes ]; then
    export ROLESCOPE_INSIDE_NAMESPACE=yes
    exec "$(dirname "$0")/../../support/in-namespace.sh" --mount --net --propagation private -- "$0" "$@"
fi

sandbox=$1
shift
work=$(mktemp -d)
end() {
    kill "${pid:-}" 2>/dev/null || true
    wait "${pid:-}" 2>/dev/null || true
    rm -rf "$work"
}
trap end EXIT

PATH=$PATH:/usr/sbin:/sbin ip link set lo up

mkfifo "$work/pipe"
scenario=()
if [ -n "${SANDBOX_SCENARIO:-}" ]; then
    "$sandbox" --print-scenario | "$SANDBOX_SCENARIO" >"$work/scenario.json"
    scenario=(--scenario "$work/scenario.json")
fi
"$sandbox" --azure-names --with-parent "${scenario[@]}" >"$work/pipe" &
pid=$!
IFS= read -r -t 60 ready <"$work/pipe" || { printf 'error: the sandbox did not start\n' >&2; exit 1; }
export SANDBOX_READY=$work/ready.json
printf '%s\n' "$ready" >"$SANDBOX_READY"

# The names, and the authority in both forms that clients read: one bundle, and one file named by its hash.
/usr/bin/python3 - "$SANDBOX_READY" >"$work/hosts" <<'PYTHON'
import json, sys
with open(sys.argv[1], encoding="utf-8") as source:
    ready = json.load(source)
print("127.0.0.1 localhost\n::1 localhost")
for host in ready["hosts"]:
    print(host["address"], host["name"])
PYTHON
mount --bind "$work/hosts" /etc/hosts
authority=$(/usr/bin/python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["ca"])' "$SANDBOX_READY")
cp -dR /etc/ssl/certs "$work/certs"
rm -f "$work/certs/ca-certificates.crt"
cat /etc/ssl/certs/ca-certificates.crt "$authority" >"$work/certs/ca-certificates.crt"
cp "$authority" "$work/certs/rolescope-sandbox.pem"
ln -s rolescope-sandbox.pem "$work/certs/$(openssl x509 -noout -hash -in "$authority").0"
mount --bind "$work/certs" /etc/ssl/certs

# No proxy is needed to reach loopback, and one would only be in the way.
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY all_proxy
unset REQUESTS_CA_BUNDLE SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE NODE_EXTRA_CA_CERTS
status=0
"$@" || status=$?
exit "$status"
