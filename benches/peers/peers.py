"""Times other tools on the programmes that virement solves, per scenario, and prints a table.

Times are those of the processor, children included, so that what else the machine does counts for little. The data
are the same: `virement solve --write-model` writes the programme of each stage, and every tool solves the
first linear one, or the calibration, with the revenue of each balance times a factor that is drawn. virement
solves whole scenarios of the plan, all stages with their proofs, with the value of the unit drawn.
"""

import argparse
import itertools
import re
import resource
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from model import read
from tools import TOOLS

# Plan or scenario, the figure that is drawn, and where it stands.
PLANS = [
    ("first-steps/limits", "driver.unit-value.value", 19000),
    ("itu-2012-2015/reallocate", "driver.contributory-unit.value", 318000),
    ("itu-2024-2027", "driver.contributory-unit.value", 318000),
]
SPREAD = 0.002
SHORTEST = 0.2  # seconds that a tool is timed for, where it is fast
LONGEST = 30.0  # seconds after which a tool is given no further scenario


def clock():
    """Seconds of the processor, for this process and its children."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def batch(virement, name, target, now, count, more):
    """Milliseconds a scenario of a batch, and how many rows were read from regions."""
    plan, _, scenario = name.partition("/")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "plan"
        subprocess.run([virement, "init", plan, home], check=True, capture_output=True)
        extends = f"{scenario}.scenario.toml" if scenario else "plan.toml"
        (home / "drawn.scenario.toml").write_text(
            f'format = "virement/scenario@1"\nextends = "{extends}"\ntitle = "Drawn"\n'
            f'[[vary]]\nset = "{target}"\ndraw = "normal"\nmean = {now}\nsd = {now * SPREAD}\n'
            f"decimals = 0\ncount = {count}\nseed = 1\n"
        )
        words = [virement, "batch", home / "drawn.scenario.toml", "--jobs", "1", "-o", Path(folder) / "out"]
        start = clock()
        told = subprocess.run([*words, *more], check=True, capture_output=True, text=True).stderr
        took = clock() - start
    read_from = re.search(r"([\d\s]+) read from", told)
    reused = int(re.sub(r"\s", "", read_from.group(1))) if read_from else 0
    return 1000 * took / count, reused


def timed(prepare, model, factors):
    """Milliseconds a scenario, and the values found; what the tool says where it fails."""
    try:
        solve = prepare(model)
        begun = time.perf_counter()
        solve(*model.moved(1.0))  # what is loaded once counts for nothing
        values, spent = [], 0.0
        for factor in itertools.cycle(factors):
            start = clock()
            values.append(solve(*model.moved(factor)) + model.offset)
            spent += clock() - start
            enough = len(values) >= len(factors) and spent > SHORTEST
            if enough or time.perf_counter() - begun > LONGEST:
                break
        return 1000 * spent / len(values), values, ""
    except Exception as fault:  # a tool that is not there, or that gives up
        return None, [], f"{type(fault).__name__}: {fault}".splitlines()[0][:60]


def near(values, known, offset):
    """Whether the values are those that the first tool found, to five digits of what they are summed from."""
    size = max(1.0, abs(offset), *(abs(value) for value in known))
    return all(abs(a - b) <= 1e-5 * size for a, b in zip(values, known))


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--virement", required=True)
    words.add_argument("--count", type=int, default=20, help="the scenarios that each tool is given")
    words.add_argument("--plan", action="append", help="only this plan or scenario of those that are known")
    words.add_argument("--rows", type=int, default=1_000_000, help="the scenarios of a batch")
    asked = words.parse_args()
    factors = np.random.default_rng(1).normal(1.0, SPREAD, asked.count)
    for name, target, now in PLANS:
        if asked.plan and name not in asked.plan:
            continue
        few = 20 if name == "itu-2024-2027" else 200
        fast, reused = batch(asked.virement, name, target, now, asked.rows, [])
        alone, _ = batch(asked.virement, name, target, now, min(asked.rows, few), ["--alone"])
        print(f"\n{name}")
        print(f"  virement, all stages, proven: {fast:.4f} ms a scenario ({reused} of {asked.rows} read from regions)")
        print(f"  virement, each by itself:     {alone:.3f} ms a scenario")
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([asked.virement, "solve", name, "--write-model", folder], capture_output=True)
            models = [read(path) for path in sorted(Path(folder).glob("*.mps"))]
        chosen = [m for m in models if not m.q.any()][:1] + [m for m in models if m.q.any()]
        for model in chosen:
            shape = f"{len(model.c)} columns, {len(model.low)} rows"
            print(f"  {model.name} ({shape})")
            print(f"    {'tool':<34}{'ms':>10}{'/ regions':>12}{'/ alone':>10}  value")
            known = None
            for tool, prepare, linear, squares in TOOLS:
                if not (squares if model.q.any() else linear):
                    continue
                took, values, fault = timed(prepare, model, factors)
                if took is None:
                    print(f"    {tool:<34}{'-':>10}{'':>12}{'':>10}  {fault}")
                    continue
                known = known or values
                word = "same" if near(values, known, model.offset) else "differs"
                print(f"    {tool:<34}{took:>10.3f}{took / fast:>12.0f}{took / alone:>10.1f}  {word}", flush=True)


if __name__ == "__main__":
    main()
