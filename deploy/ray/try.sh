#!/usr/bin/env bash
# Runs batch.py on a Ray cluster of two nodes on this machine, kills one of them on the way, and
# compares the file with that of one process. Needs `pip install ray` and a built program:
#   deploy/ray/try.sh target/debug/virement
set -euo pipefail
program=$(realpath "${1:?name the program}")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'ray stop --force >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
cd "$work"
"$program" init first-steps plan
cat > plan/futures.scenario.toml <<'S'
format  = "virement/scenario@1"
extends = "limits.scenario.toml"
title   = "Futures"
[[vary]]
set   = "driver.unit-value.value"
draw  = "normal"
mean  = 19000
sd    = 900
decimals = 0
count = 20000
S
"$program" batch plan/futures.scenario.toml --by sector --alone -o whole
ray stop --force >/dev/null 2>&1 || true
ray start --head --num-cpus=1 --port=6399 --include-dashboard=false >/dev/null
ray start --address=127.0.0.1:6399 --num-cpus=1 >/dev/null
second=$(pgrep -nf 'raylet/raylet' )
( sleep 6; kill -9 "$second"; echo "one node was killed" ) &
python "$here/batch.py" --program "$program" --address 127.0.0.1:6399 --shards 12 --out "$work/cut" -- \
    "$work/plan/futures.scenario.toml" --by sector --alone || [ $? -le 1 ]
wait
python - "$work" <<'P'
import json, pathlib, sys
work = pathlib.Path(sys.argv[1])
for n in range(1, 13):
    manifest = json.loads((work / f"cut/shard-{n}/manifest.json").read_text())
    assert manifest["complete"], n
P
# The rows name the file as it was asked for, so that the whole is asked for in the same words.
"$program" batch "$work/plan/futures.scenario.toml" --by sector --alone -o same
cmp same/batch.parquet cut/batch.parquet
echo "the same bytes with a node lost"
