#!/usr/bin/env python3
"""Writes every CSV table of scenarios/itu-2024-2027/, byte for byte.

    python3 docs/itu-2024-2027-cells.py [FOLDER]

No amount of the financial plan of 2024-2027 could be read. Every figure here is illustrative: it
is made from the assumptions at the top of this file, in five steps.

1. The total of each year is shared over the General Secretariat and the three Sectors, the share of
   each over its thematic priorities, and that over the nine categories. Each cell is tilted a little
   by a fixed pattern (-6 % to +6 %), so that no two lines have quite the same shape.
2. A cell is open where its Sector works for its priority (the Sectors that the strategic plan names
   for it, recalled); the General Secretariat serves all priorities. All years, all categories.
3. Largest remainders make the cells of a year whole, so that each year adds up exactly.
4. Need, own bounds and flexibility follow from the baseline by the rules `need`, `bounds` and
   `FLEXIBILITY`.
5. The tables of limits, returns, posts, enablers and attributions follow from the cells.

Standard library only, exact fractions, no randomness.
"""

import csv
import sys
from fractions import Fraction as F
from math import ceil, floor
from pathlib import Path

ILLUSTRATIVE = "illustrative; not an adopted figure"

YEARS = {"2024": 161900, "2025": 162700, "2026": 162500, "2027": 164900}
BIENNIA = {"2024": "2024-2025", "2025": "2024-2025", "2026": "2026-2027", "2027": "2026-2027"}

# Percent of all expenses, and of each Sector's by priority: what is open is what is named here.
SECTORS = {"GS": F(20), "ITU-R": F(35), "ITU-T": F(33, 2), "ITU-D": F(57, 2)}
PRIORITIES = {
    "GS": {
        "spectrum": 30,
        "numbering": 6,
        "infrastructure": 26,
        "applications": 18,
        "environment": 20,
    },
    "ITU-R": {"spectrum": 72, "infrastructure": 16, "environment": 12},
    "ITU-T": {"numbering": 18, "infrastructure": 42, "applications": 26, "environment": 14},
    "ITU-D": {"infrastructure": 34, "applications": 24, "environment": 42},
}
ORDER = ["spectrum", "numbering", "infrastructure", "applications", "environment"]

# The ids, titles and tags of `itu-2012-2015`, and percent of each Sector's expenses.
CATEGORIES = {
    "staff": ("1 Staff costs", "pay", ("58", "62.5", "61", "60.5")),
    "other-staff": ("2 Other staff costs", "pay", ("17", "21.5", "23.5", "17")),
    "travel": ("3 Travel on duty", "non-pay", ("1.6", "3", "3.2", "7.2")),
    "contracts": ("4 Contractual services", "non-pay", ("6", "4.6", "4.2", "6.2")),
    "rental": ("5 Rental and maintenance", "non-pay", ("7.5", "2.4", "2.4", "2.3")),
    "materials": ("6 Materials and supplies", "non-pay", ("1.3", "1.2", "1.1", "1.2")),
    "acquisitions": ("7 Acquisitions", "non-pay", ("3.2", "1.8", "1.6", "2")),
    "utilities": ("8 Public utilities", "non-pay", ("3.4", "1.4", "1.4", "1.4")),
    "miscellaneous": ("9 Audit and miscellaneous", "non-pay", ("2", "1.6", "1.6", "2.2")),
}

# What is asked for, over the baseline: by priority, and rising by the year.
NEED = {
    "spectrum": "1.02",
    "numbering": "1",
    "infrastructure": "1.05",
    "applications": "1.08",
    "environment": "1.03",
}
NEED_A_YEAR = F("0.004")

# How readily a line moves: posts and contracts of employment slowly, purchases fast.
FLEXIBILITY = {
    "staff": "0.6",
    "other-staff": "1",
    "travel": "1.2",
    "contracts": "1.5",
    "rental": "0.7",
    "materials": "1",
    "acquisitions": "1.5",
    "utilities": "0.4",
    "miscellaneous": "0.5",
}

# The part of staff costs in place that cannot be ended within the plan, by priority.
STAFF_FLOORS = {
    "spectrum": "0.95",
    "numbering": "0.97",
    "infrastructure": "0.97",
    "applications": "0.98",
    "environment": "0.95",
}

# Posts a plan unit of staff costs and year: one over the cost of a post in thousands of francs.
POSTS = {"GS": "0.0062", "ITU-R": "0.0058", "ITU-T": "0.006", "ITU-D": "0.0064"}

# The part of a line that is interpretation, translation or text processing.
LANGUAGES = [
    ("GS", "other-staff", "0.5"),
    ("GS", "contracts", "0.1"),
    ("ITU-R", "other-staff", "0.72"),
    ("ITU-T", "other-staff", "0.8"),
    ("ITU-D", "other-staff", "0.66"),
]

# The part of a line that serves an enabler: slice columns, rows.
ENABLERS = {
    "membership": (
        ["sector", "category"],
        [
            ("GS", "other-staff", "0.15"),
            ("GS", "contracts", "0.1"),
            ("ITU-R", "travel", "0.2"),
            ("ITU-T", "travel", "0.2"),
        ],
    ),
    "regional-presence": (
        ["sector", "category"],
        [
            ("ITU-D", "staff", "0.3"),
            ("ITU-D", "travel", "0.6"),
            ("ITU-D", "contracts", "0.2"),
            ("ITU-D", "rental", "0.5"),
        ],
    ),
    "diversity": (
        ["sector", "priority"],
        [
            ("ITU-D", "applications", "0.1"),
            ("ITU-D", "environment", "0.15"),
            ("GS", "environment", "0.1"),
        ],
    ),
    "sustainability": (
        ["category"],
        [("utilities", "0.4"), ("acquisitions", "0.2"), ("rental", "0.1")],
    ),
    "partnerships": (
        ["sector", "category"],
        [("ITU-D", "contracts", "0.25"), ("ITU-T", "contracts", "0.15"), ("GS", "travel", "0.3")],
    ),
    "resource-mobilization": (
        ["sector", "category"],
        [("GS", "contracts", "0.08"), ("ITU-D", "other-staff", "0.05")],
    ),
    "people": (
        ["category"],
        [("staff", "0.02"), ("miscellaneous", "0.05")],
    ),
}

# Cost carried from priorities to goals, and from the General Secretariat to the Sectors. The latter
# are the departments' support cost of 2004-2005 without what was intersectoral: 2 825, 1 152 and
# 2 010 of 5 987.
GOALS = [
    ("spectrum", "connectivity", "3/4"),
    ("spectrum", "transformation", "1/4"),
    ("numbering", "connectivity", "60%"),
    ("numbering", "transformation", "40%"),
    ("infrastructure", "connectivity", "2/3"),
    ("infrastructure", "transformation", "1/3"),
    ("applications", "connectivity", "0.15"),
    ("applications", "transformation", "0.85"),
    ("environment", "connectivity", "0.45"),
    ("environment", "transformation", "0.55"),
]
SUPPORT = [("ITU-R", "2825/5987"), ("ITU-T", "1152/5987"), ("ITU-D", "2010/5987")]

# Concave returns of a priority in a biennium: up to this part of the baseline, at this rate.
RETURNS = [(F("0.94"), "1"), (F(1), "0.7"), (F("1.06"), "0.35"), (None, "0.1")]


def tilt(year, sector, priority, category):
    """A fixed factor from 0.94 to 1.06; alike in all years but for travel, which alternates."""
    places = [list(SECTORS), ORDER, list(CATEGORIES)]
    at = [place.index(member) for place, member in zip(places, (sector, priority, category))]
    turn = list(YEARS).index(year) % 2 if category == "travel" else 0
    return 1 + F((7 * at[0] + 11 * at[1] + 5 * at[2] + 3 * turn) % 13 - 6, 100)


def largest_remainders(quotas):
    """Rounds `quotas` to whole numbers with the same (whole) sum; ties favour the earlier."""
    parts = [floor(quota) for quota in quotas]
    order = sorted(range(len(quotas)), key=lambda i: (parts[i] - quotas[i], i))
    for i in order[: round(sum(quotas)) - sum(parts)]:
        parts[i] += 1
    return parts


def open_cells():
    """The Sector, priority and category of each open cell of a year, in declared order."""
    for sector, priorities in SECTORS.items():
        for priority in ORDER:
            if priority in PRIORITIES[sector]:
                for category in CATEGORIES:
                    yield sector, priority, category


def baselines():
    """The baseline of every open cell, whole, each year adding up to its total."""
    found = {}
    cells = list(open_cells())
    for year, total in YEARS.items():
        raw = []
        for sector, priority, category in cells:
            shares = CATEGORIES[category][2]
            share = SECTORS[sector] * PRIORITIES[sector][priority]
            share *= F(shares[list(SECTORS).index(sector)])
            if (year, sector, priority) == ("2027", "ITU-R", "spectrum"):
                share *= F("1.03")  # the year of the world radiocommunication conference
            raw.append(share * tilt(year, sector, priority, category))
        whole = sum(raw)
        parts = largest_remainders([total * part / whole for part in raw])
        for (sector, priority, category), part in zip(cells, parts):
            found[year, sector, priority, category] = part
    return found


def need(year, priority, baseline):
    """What is asked for bottom-up, in whole plan units."""
    growth = F(NEED[priority]) + NEED_A_YEAR * list(YEARS).index(year)
    return floor(baseline * growth + F(1, 2))


def bounds(sector, priority, category, baseline):
    """A cell's own floor and ceiling, whole; `None` for none."""
    floors = {"utilities": "0.985", "rental": "0.975", "miscellaneous": "0.98"}
    floors |= {"other-staff": "0.88", "travel": "0.75", "contracts": "0.75"}
    floors |= {"materials": "0.75", "acquisitions": "0.75"}
    floors["staff"] = STAFF_FLOORS[priority]
    if sector == "GS":
        floors["staff"] = "0.945"
    if (sector, priority) == ("ITU-R", "spectrum"):
        floors["other-staff"] = "0.94"  # work on filings earns cost recovery
    least = floors.get(category)
    most = {"travel": "1.15", "materials": "1.05", "acquisitions": "1.1"}.get(category)
    if sector == "GS" and category == "contracts":
        most = "1"
    return (
        None if least is None else ceil(baseline * F(least)),
        None if most is None else floor(baseline * F(most)),
    )


def total(cells, **where):
    """The sum of the cells whose members are among those named."""
    names = ["period", "sector", "priority", "category"]
    return sum(
        amount
        for key, amount in cells.items()
        if all(dict(zip(names, key))[name] in members for name, members in where.items())
    )


def years_of(biennium):
    """The years of a biennium."""
    return [year for year, above in BIENNIA.items() if above == biennium]


def write(folder, name, header, rows):
    """Writes one table; `None` is a blank."""
    with open(folder / name, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(["" if item is None else item for item in row] for row in rows)


def write_cells(folder, cells):
    """The cell table."""
    rows = []
    for (year, sector, priority, category), amount in cells.items():
        least, most = bounds(sector, priority, category, amount)
        asked = need(year, priority, amount)
        row = [year, sector, priority, category, amount, asked, FLEXIBILITY[category], least, most]
        rows.append(row + ["assumed", ILLUSTRATIVE])
    header = "period sector priority category baseline need flexibility min max provenance source"
    write(folder, "cells.csv", header.split(), rows)


def write_limits(folder, cells):
    """The tables that limits read their right sides from."""
    biennia = ["2024-2025", "2026-2027"]

    # Travel: about 96.5 % of the baseline, the sum of both biennia stated again in the plan.
    rows = []
    for biennium in biennia:
        rows.append([biennium, TRAVEL[biennium]])
        assert TRAVEL[biennium] < total(cells, period=years_of(biennium), category=["travel"])
    write(folder, "travel.csv", ["biennium", "equal"], rows)

    # Each Sector in each year: no less than 93 %, no more than 100.5 % of the baseline; the year of
    # a conference gives ITU-R room, and the General Secretariat has no floor of its own.
    rows = []
    for year in YEARS:
        for sector in SECTORS:
            amount = total(cells, period=[year], sector=[sector])
            least = None if sector == "GS" else ceil(amount * F("0.93"))
            part = F("1.015") if (year, sector) == ("2027", "ITU-R") else F("1.005")
            rows.append([sector, year, least, floor(amount * part)])
    write(folder, "sector-year.csv", ["sector", "period", "min", "max"], rows)

    # Purchases for digital applications, a year, once the new level is reached. Half of the way from
    # the baseline of 2024 is whole, so that the path can be published as it stands. One scenario goes
    # 15 % further, at once.
    rows = []
    for sector, part in [("ITU-T", "1.24"), ("ITU-D", "1.3")]:
        of = {"sector": [sector], "priority": ["applications"]}
        of["category"] = ["contracts", "acquisitions"]
        first = total(cells, period=["2024"], **of)
        level = floor(total(cells, period=["2026"], **of) * F(part))
        rows.append([sector, level - (level - first) % 2])
    write(folder, "digital.csv", ["sector", "amount"], rows)
    rows = [[sector, floor(amount * F("1.15"))] for sector, amount in rows]
    write(folder, "digital-faster.csv", ["sector", "amount"], rows)


# Stated in plan.toml too, for both biennia together: 12 300 + 12 400 = 24 700.
TRAVEL = {"2024-2025": 12300, "2026-2027": 12400}


def write_returns(folder, cells):
    """Concave pieces for each priority in each biennium."""
    rows = []
    for biennium in ["2024-2025", "2026-2027"]:
        for priority in ORDER:
            amount = total(cells, period=years_of(biennium), priority=[priority])
            for part, rate in RETURNS:
                rows.append([biennium, priority, None if part is None else floor(amount * part), rate])
    write(folder, "returns.csv", ["period", "priority", "up-to", "rate"], rows)


def write_holds(folder):
    """The holds of the scenario `field-lines`: what regional offices cost, kept at the baseline."""
    rows = []
    for category, part in [("staff", "99.5%"), ("travel", "98%"), ("rental", "99%")]:
        rows.append(["ITU-D", category, f"{part} of baseline", f"regional offices: {category} (illustrative)"])
    write(folder, "field-lines.csv", ["sector", "category", "at-least", "reason"], rows)


def main():
    here = Path(__file__).resolve().parent.parent / "scenarios" / "itu-2024-2027"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else here
    cells = baselines()
    write_cells(folder, cells)
    write_limits(folder, cells)
    write_returns(folder, cells)
    write_holds(folder)
    rows = [[id, title, tags] for id, (title, tags, _) in CATEGORIES.items()]
    write(folder, "categories.csv", ["id", "title", "tags"], rows)
    rows = [[sector, "staff", weight] for sector, weight in POSTS.items()]
    write(folder, "posts.csv", ["sector", "category", "weight"], rows)
    write(folder, "languages.csv", ["sector", "category", "weight"], LANGUAGES)
    for enabler, (columns, rows) in ENABLERS.items():
        write(folder, f"enabler-{enabler}.csv", [*columns, "weight"], rows)
    write(folder, "priority-goal.csv", ["priority", "goal", "share"], GOALS)
    write(folder, "support.csv", ["sector", "bearer", "share"], [["GS", *row] for row in SUPPORT])


if __name__ == "__main__":
    main()
