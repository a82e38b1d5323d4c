#!/usr/bin/env python3
"""Writes scenarios/itu-2012-2015/cells.csv, byte for byte.

    python3 docs/itu-2012-2015-cells.py > scenarios/itu-2012-2015/cells.csv

Decision 5 (Rev. Guadalajara, 2010), Annex 1 states expenses by category, not by Sector. The
cells of 2008-2011 are therefore estimated, in three steps:

1. Sector totals. The split of 632 007 (GS 126 570, ITU-R 220 811, ITU-T 103 697, ITU-D 180 929) is
   carried to the total of 2008-2011, 655 242, in proportion, by largest remainders.
2. Proportional fitting of the Sector totals and the category totals (Annex 1, confirmed). No public
   figure says how the categories differ between Sectors, so the seed is 1 everywhere, and the
   fitted table is known in closed form: cell = Sector total * category total / 655 242.
3. Controlled rounding. Every cell is rounded down or up so that all 9 category totals and all
   4 Sector totals are met exactly; of all such roundings, the one with the least sum of squared
   distances from the fitted table, and of these the one that rounds up the earliest cells
   (category by category, Sectors in order). Found exactly, by dynamic programming over the
   categories; the state is how many cells each Sector still has to round up.

Standard library only, exact fractions, no randomness.
"""

from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import floor

PERIOD = "2012-2015"
TOTAL = 655242
SPLIT = {"GS": 126570, "ITU-R": 220811, "ITU-T": 103697, "ITU-D": 180929}
CATEGORIES = {
    "staff": 412444,
    "other-staff": 125640,
    "travel": 20734,
    "contracts": 25776,
    "rental": 24116,
    "materials": 7499,
    "acquisitions": 13920,
    "utilities": 12543,
    "miscellaneous": 12570,
}
LABELS = {
    "GS": ("derived", "Sector share x Annex 1 category total"),
    "ITU-R": ("derived", "Sector share (a lower bound) x Annex 1 category total"),
    "ITU-T": ("assumed", "assumed Sector share x Annex 1 category total"),
    "ITU-D": ("assumed", "assumed Sector share x Annex 1 category total"),
}


def largest_remainders(quotas):
    """Rounds `quotas` to whole numbers with the same (whole) sum; ties favour the earlier."""
    parts = [floor(quota) for quota in quotas]
    order = sorted(range(len(quotas)), key=lambda i: (parts[i] - quotas[i], i))
    for i in order[: int(sum(quotas)) - sum(parts)]:
        parts[i] += 1
    return parts


def controlled_rounding(table, rows, columns):
    """Rounds `table[column][row]` to whole cells that meet the totals `rows` and `columns`."""
    downs = [[floor(cell) for cell in column] for column in table]
    ups = [total - sum(column) for total, column in zip(columns, downs)]
    needs = tuple(total - sum(column[i] for column in downs) for i, total in enumerate(rows))

    @lru_cache(maxsize=None)
    def best(at, left):
        """The gain and the choices of the columns from `at` on, with `left` to round up a row."""
        if at == len(table):
            return (Fraction(0), ()) if not any(left) else None
        found = None
        for choice in product((1, 0), repeat=len(rows)):
            rest = tuple(need - up for need, up in zip(left, choice))
            if sum(choice) != ups[at] or min(rest) < 0:
                continue
            tail = best(at + 1, rest)
            if tail is None:
                continue
            gain = tail[0] + sum(
                2 * (cell - down) - 1
                for cell, down, up in zip(table[at], downs[at], choice)
                if up
            )
            if found is None or gain > found[0]:
                found = (gain, (choice, *tail[1]))
        return found

    _, choices = best(0, needs)
    return [[down + up for down, up in zip(*pair)] for pair in zip(downs, choices)]


def main():
    whole = sum(SPLIT.values())
    rows = largest_remainders([Fraction(TOTAL * amount, whole) for amount in SPLIT.values()])
    columns = list(CATEGORIES.values())
    fitted = [[Fraction(row * column, TOTAL) for row in rows] for column in columns]
    cells = controlled_rounding(fitted, rows, columns)
    print("period,sector,category,baseline,provenance,source")
    for i, sector in enumerate(SPLIT):
        for j, category in enumerate(CATEGORIES):
            print(PERIOD, sector, category, cells[j][i], *LABELS[sector], sep=",")


if __name__ == "__main__":
    main()
