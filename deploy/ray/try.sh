#!/usr/bin/env bash
# Runs batch.py on a Ray cluster of two nodes on this machine, kills one of them on the way, and
# compares the file with that of one process. Needs `pip install ray` and a built program:
#   deploy/ray/try.sh target/debug/virement
set -euo pipefail
program=$(realpath "${1:?name the program}")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
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
PYTHONPATH="$here" python - "$program" "$work" <<'P'
import pathlib, sys, threading, time

from ray.cluster_utils import Cluster

import batch

program, work = sys.argv[1], pathlib.Path(sys.argv[2])
cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
second = cluster.add_node(num_cpus=1)
cluster.wait_for_nodes()
cluster.connect()


def lose():
    while not list((work / "cut").glob("shard-2/parts/*")):
        time.sleep(0.1)
    cluster.remove_node(second, allow_graceful=False)
    print("one node was killed", flush=True)


threading.Thread(target=lose, daemon=True).start()
words = [str(work / "plan/futures.scenario.toml"), "--by", "sector", "--alone"]
code = batch.main(["--program", program, "--shards", "12", "--out", str(work / "cut"), "--", *words])
print("nodes left:", sum(node["Alive"] for node in __import__("ray").nodes()), flush=True)
assert code == 0, code
P
# The rows name the file as it was asked for, so that the whole is asked for in the same words.
"$program" batch "$work/plan/futures.scenario.toml" --by sector --alone -o same
cmp same/batch.parquet cut/batch.parquet
echo "the same bytes with a node lost"
