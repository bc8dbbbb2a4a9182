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

# What reads environment files and is not a package of its own list: from npm dotenv and a node with --env-file, which Debian's has not, and
# kubectl unless there is one.
install_envfile_consumers() {
    local folder=$project/tests/envfile
    command -v kubectl >/dev/null || install_packages kubernetes-client
    if [ ! "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]; then
        say "installing dotenv and Node 20"
        (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error --ignore-scripts)
        touch "$folder/node_modules/.package-lock.json"
    fi
}

# keep_sudo: some tests run a part by sudo, and can ask nobody. Asks for the password now, and keeps it while this process lives.
keep_sudo() {
    [ "$(id -u)" -ne 0 ] || return 0
    if ! { command -v sudo >/dev/null && sudo -v; }; then
        say "without sudo, tests that need root will fail and say so"
        return 0
    fi
    (while kill -0 $$ 2>/dev/null && sudo -n -v 2>/dev/null; do sleep 30; done) </dev/null >/dev/null 2>&1 &
}

# build PRESET [TARGET...]. Where there is ccache it is used, in a way that serves clones in other folders too.
build() {
    local preset=$1
    shift
    if command -v ccache >/dev/null; then
        export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR=$project CCACHE_NOHASHDIR=1
        export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        case " ${CXXFLAGS:-} " in *" -fpch-preprocess "*) ;; *) export CXXFLAGS="${CXXFLAGS:-} -fpch-preprocess" ;; esac
    fi
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
