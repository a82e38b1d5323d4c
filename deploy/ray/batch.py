"""Runs a batch of virement in shards on a Ray cluster, and joins them.

    python batch.py --shards 16 --out /shared/answers -- plan/futures.scenario.toml --by sector

Paths are those of a folder that all nodes share. What stands after `--` goes to `virement batch`.
"""

import argparse
import pathlib
import subprocess
import time

import ray


@ray.remote(num_cpus=1, max_retries=20, retry_exceptions=True)
def shard(program, words, number, of, folder):
    """Solves one shard; run again after a node was lost, it goes on where it was."""
    command = [program, "batch", *words, "--jobs", "1", "--shard", f"{number}/{of}", "-o", folder]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, 1, 4):
        # What a lost node was doing may go on for a while, and keep the folder to itself.
        time.sleep(5)
        raise RuntimeError(done.stderr)
    return done.returncode


def main(argv=None):
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--program", default="virement")
    words.add_argument("--address", default="auto")
    words.add_argument("--shards", type=int, required=True)
    words.add_argument("--out", type=pathlib.Path, required=True)
    words.add_argument("batch", nargs="+")
    asked = words.parse_args(argv)
    if not ray.is_initialized():
        ray.init(address=asked.address)
    folders = [str(asked.out / f"shard-{n}") for n in range(1, asked.shards + 1)]
    tasks = [
        shard.remote(asked.program, asked.batch, n, asked.shards, folder)
        for n, folder in enumerate(folders, 1)
    ]
    worst = max(ray.get(tasks))
    joined = str(asked.out / "batch.parquet")
    subprocess.run([asked.program, "merge", *folders, "-o", joined], check=True)
    return worst


if __name__ == "__main__":
    raise SystemExit(main())
