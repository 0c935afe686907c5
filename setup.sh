# Sourced by ./run and ./test: puts what is missing into .venv/ and, where allowed, onto the system.
# Says in one line what it installs; with everything there it takes a fraction of a second.

cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
unset PYTHONDONTWRITEBYTECODE # else every start, and every process the tests start, compiles all of the product anew

say() { printf '%s\n' "$*" >&2; }
fail() { say "error: $*"; exit 1; }

may_install() { command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null || { [ -t 0 ] && command -v sudo >/dev/null; }; }; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
system_packages() { # PURPOSE PACKAGE…
    local purpose=$1; shift
    may_install || fail "$purpose missing. Install as root: apt-get install $*"
    say "installing with apt-get for $purpose: $*"
    as_root env DEBIAN_FRONTEND=noninteractive sh -c 'apt-get -qq update; apt-get -qq install -y --no-install-recommends "$@"' sh "$@" >/dev/null ||
        fail "apt-get could not install: $*"
}

find_python() {
    local name
    for name in python3.11 python3.12 python3.13 python3; do
        command -v "$name" >/dev/null && "$name" -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null &&
            { command -v "$name"; return; }
    done
}

system_libraries() {
    local entry missing=() loaded
    loaded=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p)
    # what Qt's platform plugins, OpenCV and zbar load, and the package that carries it
    for entry in libEGL.so.1=libegl1 libGL.so.1=libgl1 libfontconfig.so.1=libfontconfig1 libfreetype.so.6=libfreetype6 \
        libdbus-1.so.3=libdbus-1-3 libglib-2.0.so.0=libglib2.0-0 libxkbcommon.so.0=libxkbcommon0 \
        libxkbcommon-x11.so.0=libxkbcommon-x11-0 libxcb-cursor.so.0=libxcb-cursor0 libxcb-icccm.so.4=libxcb-icccm4 \
        libxcb-image.so.0=libxcb-image0 libxcb-keysyms.so.1=libxcb-keysyms1 libxcb-randr.so.0=libxcb-randr0 \
        libxcb-render-util.so.0=libxcb-render-util0 libxcb-shape.so.0=libxcb-shape0 libxcb-xinerama.so.0=libxcb-xinerama0 \
        libxcb-xkb.so.1=libxcb-xkb1 libX11-xcb.so.1=libx11-xcb1 libgssapi_krb5.so.2=libgssapi-krb5-2 libzbar.so.0=libzbar0; do
        case $loaded in *"${entry%%=*} "*) ;; *) missing+=("${entry#*=}") ;; esac
    done
    [ ${#missing[@]} = 0 ] || system_packages "the screens and the code reader" "${missing[@]}"
}

browser() { # only ./test drives one
    command -v chromium >/dev/null && command -v chromedriver >/dev/null && return
    system_packages "the tests of the county's pages in a real browser" chromium chromium-driver
}

environment() {
    local want python
    want=$(cat requirements.lock pyproject.toml | sha256sum | cut -d' ' -f1)
    [ "$(cat .venv/.installed 2>/dev/null)" = "$want" ] && .venv/bin/python -c '' 2>/dev/null && return
    python=$(find_python)
    [ -n "$python" ] || { system_packages "Python 3.11 or newer" python3 python3-venv; python=$(find_python); }
    [ -n "$python" ] || fail "no Python from 3.11 to 3.13 with its venv module was found"
    say "installing into .venv/ (once): the packages of requirements.lock"
    .venv/bin/python -c 'import pip' 2>/dev/null || "$python" -m venv --clear .venv || fail "no virtual environment could be made in .venv/"
    .venv/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock ||
        fail "the packages could not be installed; is the network there?"
    .venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable . || fail "gighall could not be installed"
    printf '%s\n' "$want" >.venv/.installed
}

system_libraries
environment
