#!/bin/sh
# Makes .venv with a Python >= 3.12: the first one built for speed, on PATH or under pyenv, else the
# first one at all (it takes up to 1.7 times as long), else one that uv brings.
set -eu
suits() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; }
is_fast() {
    "$1" -c 'import sys, sysconfig
told = sysconfig.get_config_var("CONFIG_ARGS") or ""
slow = told and "--enable-optimizations" not in told and "\x27--prefix=/usr\x27" not in told
sys.exit(bool(slow))'
}
any() { true; }
for wanted in is_fast any; do
    for python in python3.13 python3.12 python3.14 python3 \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13*/bin/python \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.12*/bin/python; do
        if suits "$python" && "$wanted" "$python"; then
            echo "making .venv with $("$python" -V)"
            "$python" -m venv .venv
            exit 0
        fi
    done
done
echo "no Python >= 3.12 on PATH or under pyenv: asking uv for one"
if ! command -v uv >/dev/null 2>&1; then
    python3 -m venv .venv-uv && .venv-uv/bin/pip install -q uv
    PATH="$PWD/.venv-uv/bin:$PATH"
fi
if ! uv venv --seed --python 3.13 .venv; then
    echo "Install Python 3.12 or newer (with venv) and run make again." >&2
    exit 1
fi
