"""The programmes that `virement solve --write-model` writes, as arrays."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse


@dataclass
class Model:
    """Minimise offset + c x + 1/2 sum q x^2 under low <= A x <= high and least <= x <= most.

    Columns that are fixed are taken out, and amounts are in thousands of the plan's units: tools that work in floats
    are given figures near one.
    """

    name: str
    c: np.ndarray
    q: np.ndarray
    a: sparse.csr_matrix
    low: np.ndarray
    high: np.ndarray
    least: np.ndarray
    most: np.ndarray
    rows: list
    offset: float = 0.0

    def tidy(self, unit=1000.0):
        """The same programme without its fixed columns, in units of `unit`."""
        fixed = self.least == self.most
        x = self.least[fixed]
        shift = self.a[:, fixed] @ x
        kept = ~fixed
        return Model(
            self.name,
            self.c[kept] * unit,
            self.q[kept] * unit**2,
            self.a[:, kept].tocsr(),
            (self.low - shift) / unit,
            (self.high - shift) / unit,
            self.least[kept] / unit,
            self.most[kept] / unit,
            self.rows,
            self.offset + self.c[fixed] @ x + 0.5 * (self.q[fixed] * x) @ x,
        )

    def moved(self, factor):
        """The right sides with the revenue of each balance times `factor`."""
        low, high = self.low.copy(), self.high.copy()
        for place, name in enumerate(self.rows):
            if name.startswith("balance"):
                low[place] *= factor
                high[place] *= factor
        return low, high


def read(path):
    """Reads free MPS with the sections that virement writes."""
    rows, kinds, columns = {}, [], {}
    entries, costs, rhs, ranges, bounds, squares = [], {}, {}, {}, [], {}
    section = ""
    for line in Path(path).read_text().splitlines():
        if not line.startswith(" "):
            section = line.split()[0] if line.strip() else section
            continue
        words = line.split()
        if section == "ROWS":
            kind, name = words
            if kind != "N":
                rows[name] = len(kinds)
                kinds.append(kind)
        elif section == "COLUMNS":
            column, row, value = words
            place = columns.setdefault(column, len(columns))
            if row in rows:
                entries.append((rows[row], place, float(value)))
            else:
                costs[place] = float(value)
        elif section == "RHS":
            rhs[words[1]] = float(words[2])
        elif section == "RANGES":
            ranges[words[1]] = float(words[2])
        elif section == "BOUNDS":
            bounds.append((words[0], words[2], float(words[3]) if len(words) > 3 else 0.0))
        elif section == "QUADOBJ":
            assert words[0] == words[1], "squares only"
            squares[words[0]] = float(words[2])
    m, n = len(kinds), len(columns)
    low, high = np.full(m, -np.inf), np.full(m, np.inf)
    for name, place in rows.items():
        side, kind = rhs.get(name, 0.0), kinds[place]
        if kind in "EG":
            low[place] = side
        if kind in "EL":
            high[place] = side
        if name in ranges:
            if kind == "G":
                high[place] = side + ranges[name]
            else:
                low[place] = side - ranges[name]
    least, most = np.zeros(n), np.full(n, np.inf)
    for kind, column, value in bounds:
        place = columns[column]
        if kind in ("LO", "FX"):
            least[place] = value
        if kind in ("UP", "FX"):
            most[place] = value
        if kind in ("MI", "FR"):
            least[place] = -np.inf
    c, q = np.zeros(n), np.zeros(n)
    for place, value in costs.items():
        c[place] = value
    for column, value in squares.items():
        q[columns[column]] = value
    down, across, values = zip(*entries)
    a = sparse.csr_matrix((values, (down, across)), shape=(m, n))
    return Model(Path(path).stem, c, q, a, low, high, least, most, list(rows)).tidy()
