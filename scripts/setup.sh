#!/bin/sh
# Creates .venv and installs requirements.txt, or requirements-dev.txt, into it:
#   sh scripts/setup.sh requirements-dev.txt
# Installs nothing where the same requirements are installed already. PYTHON names another Python.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

pinned() { # what a requirements file asks for, the files it includes among it
    case $1 in
        requirements.txt) cat requirements.txt ;;
        requirements-dev.txt) cat requirements.txt requirements-dev.txt ;;
        *) stop "setup.sh knows requirements.txt and requirements-dev.txt, not '$1'." ;;
    esac
}

installed() { pinned "$1" | cmp -s - ".venv/installed-$1"; }

suitable() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

found_python() {
    for name in ${PYTHON:-python3.11 python3.12 python3.13 python3.14 python3 python}; do
        if suitable "$name"; then echo "$name" && return; fi
    done
    stop "CenterViz needs Python 3.11 or newer, and ${PYTHON:-none of python3.11 to python3} is none." \
        "Install one (Debian 12: apt-get install python3 python3-venv; macOS: brew install python)," \
        "or name it: make run PYTHON=/path/to/python3."
}

wanted=${1:-requirements.txt}
pinned "$wanted" >/dev/null
if suitable "$python" && installed "$wanted"; then exit 0; fi

if ! suitable "$python" || ! "$python" -m pip --version >/dev/null 2>&1; then
    base=$(found_python)
    rm -rf .venv
    if ! "$base" -m venv .venv; then
        rm -rf .venv
        stop "$base could not make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv."
    fi
fi

say "Installing $wanted into .venv (once; torch is large, so this takes minutes)."
rm -f .venv/installed-*
"$python" -m pip install --quiet --disable-pip-version-check -r "$wanted" ||
    stop "pip could not install $wanted: its own words are above. Mend that (often the network), then start again."
pinned "$wanted" >".venv/installed-$wanted"
if [ "$wanted" = requirements-dev.txt ]; then pinned requirements.txt >.venv/installed-requirements.txt; fi
