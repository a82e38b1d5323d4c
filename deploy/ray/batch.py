"""Runs a batch of virement in shards on a Ray cluster, and joins them.

    python batch.py --shards 16 --out /shared/answers -- plan/futures.scenario.toml --by sector

Paths are those of a folder that all nodes share. What stands after `--` goes to `virement batch`.
"""

import argparse
import pathlib
import subprocess

import ray


@ray.remote(num_cpus=1, max_retries=10)
def shard(program, words, number, of, folder):
    """Solves one shard; run again after a node was lost, it goes on where it was."""
    command = [program, "batch", *words, "--jobs", "1", "--shard", f"{number}/{of}", "-o", folder]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stderr


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--program", default="virement")
    words.add_argument("--address", default="auto")
    words.add_argument("--shards", type=int, required=True)
    words.add_argument("--out", type=pathlib.Path, required=True)
    words.add_argument("batch", nargs="+")
    asked = words.parse_args()
    ray.init(address=asked.address)
    folders = [str(asked.out / f"shard-{n}") for n in range(1, asked.shards + 1)]
    tasks = [
        shard.remote(asked.program, asked.batch, n, asked.shards, folder)
        for n, folder in enumerate(folders, 1)
    ]
    worst = 0
    for code, said in ray.get(tasks):
        if code not in (0, 1, 4):
            raise SystemExit(said)
        worst = max(worst, code)
    joined = str(asked.out / "batch.parquet")
    subprocess.run([asked.program, "merge", *folders, "-o", joined], check=True)
    raise SystemExit(worst)


if __name__ == "__main__":
    main()
