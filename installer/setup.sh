# Shared by run and test: install what is missing, build. Sourced, after `set -eu`.

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$project/installer/packages.sh"

say() { printf '\n== %s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 3; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "installing packages needs root; run as root or install sudo"
    fi
}

# install_packages NAME...: those that are not there yet, and nothing when all are.
install_packages() {
    local missing=() name
    for name in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing ${missing[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
}

# Node runs Azurite, the sandbox's blob store. A Node that is there already, from wherever, is used.
install_node() {
    local missing=()
    command -v node >/dev/null || missing+=(nodejs)
    command -v npm >/dev/null || missing+=(npm)
    [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
    local major
    major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
    [ "$major" -ge 16 ] || fail "Azurite needs Node 16 or later, and this is $(node --version)"
}

install_azurite() {
    local folder=$project/app/sandbox/azurite
    if [ ! "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]; then
        say "installing Azurite"
        (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error)
        touch "$folder/node_modules/.package-lock.json"
    fi
}

# The Azure SDK for JavaScript, for the tests that run its clients unmodified.
install_javascript_clients() {
    local folder=$project/tests/integration/clients/javascript
    if [ ! "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]; then
        say "installing the Azure SDK for JavaScript"
        (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error --ignore-scripts)
        touch "$folder/node_modules/.package-lock.json"
    fi
}

# What reads environment files and is not a package of its own list: dotenv from npm, and kubectl unless there is one.
install_envfile_consumers() {
    local folder=$project/tests/envfile
    command -v kubectl >/dev/null || install_packages kubernetes-client
    if [ ! "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]; then
        say "installing dotenv"
        (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error)
        touch "$folder/node_modules/.package-lock.json"
    fi
}

# build PRESET [TARGET...]
build() {
    local preset=$1
    shift
    say "building ($preset)"
    (cd "$project" && cmake --preset "$preset" >"$project/build-$preset.log" 2>&1) \
        || { cat "$project/build-$preset.log" >&2; fail "cmake could not configure"; }
    rm -f "$project/build-$preset.log"
    if [ $# -gt 0 ]; then
        cmake --build "$project/build/$preset" --target "$@"
    else
        cmake --build "$project/build/$preset"
    fi
}
