# Shared by the scripts beside this file; each sources it first. Bash, because Debian always has it.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

PYTHON=.venv/bin/python
# Half of what a start of the portal takes is compiling what was compiled before, and the tests start
# it a hundred times. An image that keeps no bytecode means its own layers, not this folder.
unset PYTHONDONTWRITEBYTECODE

say() { printf '== %s\n' "$*"; }

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# Prints how this user becomes root without being asked anything; fails where nothing does.
root_prefix() {
    if [ "$(id -u)" = 0 ]; then
        echo env
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        echo "sudo -n"
    else
        return 1
    fi
}

# Each package is asked for by what it brings, not by its name: a Java or a Node.js that came
# another way than through apt will do as well.
brings() {
    case "$1" in
        python3-venv) "$(base_python)" -c "import ensurepip, venv" 2>/dev/null ;;
        chromium) command -v chromium >/dev/null ;;
        fonts-noto-cjk) compgen -G "/usr/share/fonts/opentype/noto/NotoSansCJK-*" >/dev/null ;;
        libpango-1.0-0) loads libpango-1.0.so.0 ;;
        libpangoft2-1.0-0) loads libpangoft2-1.0.so.0 ;;
        libharfbuzz-subset0) loads libharfbuzz-subset.so.0 ;;
        postgresql) compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null ;;
        default-jre-headless) java -version >/dev/null 2>&1 ;;
        npm) command -v npm >/dev/null ;;
        nginx-light) PATH="$PATH:/usr/sbin" command -v nginx >/dev/null ;;
        libnginx-mod-http-brotli-static) compgen -G "/usr/lib/nginx/modules/*brotli_static*" >/dev/null ;;
        wrk) command -v wrk >/dev/null ;;
        *) fail "scripts/lib.sh does not know how to find out whether $1 is there." ;;
    esac
}

loads() { "$(base_python)" -c "import ctypes, sys; ctypes.CDLL(sys.argv[1])" "$1" 2>/dev/null; }

# What draws papers (shinshiro_sns/pdf.py), with the one font they are set in.
PAPERS="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"

# need PACKAGE...: installs the Debian packages that are missing, or ends with the one line that
# says what to install.
need() {
    local package missing=() prefix
    for package in "$@"; do
        brings "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    local order="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
    prefix=$(root_prefix) || fail "Please install what is missing, as root, and start again: $order"
    say "Installing Debian packages: ${missing[*]}"
    # shellcheck disable=SC2086  # the prefix is meant to fall into words
    { $prefix apt-get update -q &&
        $prefix env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -q --no-install-recommends "${missing[@]}"; } ||
        fail "That failed. Please install what is missing, as root, and start again: $order"
    for package in "${missing[@]}"; do
        brings "$package" || fail "$package is installed, but what it should bring is not there."
    done
}

# The Python that .venv is made from: PYTHON_FOR_VENV, or the first one of 3.11 or newer.
base_python() {
    local candidate
    for candidate in ${PYTHON_FOR_VENV:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$candidate" -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    fail "The portal needs Python 3.11 or newer: apt-get install -y python3"
}

# environment requirements.txt|requirements-dev.txt: makes .venv hold exactly what the lock says.
# The lock for development holds all of the other one, so `make run` is content with either.
environment() {
    local lock
    for lock in "$1" requirements-dev.txt; do
        if [ "$(cat .venv/installed 2>/dev/null)" = "$(fingerprint "$lock")" ] &&
            $PYTHON -c "" 2>/dev/null; then
            return
        fi
    done
    local python
    python=$(base_python)
    need python3-venv
    say "Installing $1 into .venv"
    rm -f .venv/installed
    # An environment that was moved still starts the programs of the folder it came from.
    head -n 1 .venv/bin/pip 2>/dev/null | grep -qF "#!$PWD/.venv/bin/python" &&
        $PYTHON -m pip --version >/dev/null 2>&1 || "$python" -m venv --clear .venv
    $PYTHON -m pip install --quiet --disable-pip-version-check \
        --require-hashes -r requirements-uv.txt
    $PYTHON -m uv pip sync --quiet --python $PYTHON --require-hashes "$1"
    fingerprint "$1" >.venv/installed
}

fingerprint() { { pwd && cat requirements-uv.txt "$1"; } | sha256sum; }
