#!/bin/sh
# Times other tools on the programmes that virement solves, one scenario after the other, and prints a table.
#
#   benches/peers/run.sh [VIREMENT] [COUNT]
#
# VIREMENT is the program (target/release/virement where left out), COUNT how many scenarios each tool is
# given (20). The tools come from PyPI, into a folder of their own below target/. Not part of the tests.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
virement=${1:-$root/target/release/virement}
count=${2:-20}
tools=${PEERS:-$root/target/peers}
if [ ! -x "$tools/bin/python" ]; then
    python3 -m venv "$tools"
fi
"$tools/bin/pip" install --quiet --requirement "$here/requirements.txt"
exec "$tools/bin/python" "$here/peers.py" --virement "$virement" --count "$count"
