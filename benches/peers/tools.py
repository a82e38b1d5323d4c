"""Other tools on one programme: each gives the least value for one scenario's right sides.

A modelling language builds its model for each scenario, as its users do where figures change; where it has a
way to build it once and change figures in place, that is a line of its own.
"""

import warnings

import numpy as np
from scipy import sparse

warnings.filterwarnings("ignore")


def sides(model, low, high):
    """Equalities, and inequalities as `g x <= h`, the bounds of the columns among them."""
    same = low == high
    over, under = np.isfinite(high) & ~same, np.isfinite(low) & ~same
    unit = sparse.identity(len(model.c), format="csr")
    top, floor = np.isfinite(model.most), np.isfinite(model.least)
    g = sparse.vstack([model.a[over], -model.a[under], unit[top], -unit[floor]]).tocsr()
    h = np.concatenate([high[over], -low[under], model.most[top], -model.least[floor]])
    return model.a[same], low[same], g, h


def cvxpy_with(solver, once):
    import cvxpy as cp

    def prepare(model):
        def build(low, high):
            x = cp.Variable(len(model.c))
            a, b, g, h = sides(model, low, high)
            b, h = (cp.Parameter(len(b), value=b), cp.Parameter(len(h), value=h)) if once else (b, h)
            cost = model.c @ x
            if model.q.any():
                cost = cost + 0.5 * cp.sum(cp.multiply(model.q, cp.square(x)))
            limits = [g @ x <= h] + ([a @ x == b] if a.shape[0] else [])
            return cp.Problem(cp.Minimize(cost), limits), b, h

        kept = build(model.low, model.high) if once else None

        def solve(low, high):
            if once:
                problem, b, h = kept
                _, b.value, _, h.value = sides(model, low, high)
            else:
                problem, _, _ = build(low, high)
            problem.solve(solver=solver)
            return problem.value

        return solve

    return prepare


def pyomo_highs(model):
    import pyomo.environ as pyo
    from pyomo.contrib.appsi.solvers.highs import Highs

    a = model.a.tocsr()

    def solve(low, high):
        m = pyo.ConcreteModel()
        bounds = {
            j: (
                float(model.least[j]) if np.isfinite(model.least[j]) else None,
                float(model.most[j]) if np.isfinite(model.most[j]) else None,
            )
            for j in range(len(model.c))
        }
        m.x = pyo.Var(range(len(model.c)), bounds=lambda _, j: bounds[j])
        m.rows = pyo.ConstraintList()
        for i in range(a.shape[0]):
            span = slice(a.indptr[i], a.indptr[i + 1])
            row = sum(float(v) * m.x[int(j)] for j, v in zip(a.indices[span], a.data[span]))
            if low[i] == high[i]:
                m.rows.add(row == float(low[i]))
            else:
                m.rows.add(
                    (
                        float(low[i]) if np.isfinite(low[i]) else None,
                        row,
                        float(high[i]) if np.isfinite(high[i]) else None,
                    )
                )
        m.cost = pyo.Objective(expr=sum(float(c) * m.x[j] for j, c in enumerate(model.c) if c))
        solver = Highs()
        solver.solve(m)
        return pyo.value(m.cost)

    return solve


def linopy_highs(model):
    import linopy
    import pandas as pd
    import xarray as xr

    columns = pd.RangeIndex(len(model.c), name="column")

    def solve(low, high):
        a, b, g, h = sides(model, low, high)
        m = linopy.Model()
        x = m.add_variables(lower=-np.inf, coords=[columns], name="x")
        for name, rows, side, sign in (("same", a, b, "="), ("under", g, h, "<=")):
            if not rows.shape[0]:
                continue
            index = pd.RangeIndex(rows.shape[0], name=name)
            dense = xr.DataArray(rows.toarray(), coords=[index, columns])
            m.add_constraints((dense * x).sum("column"), sign, xr.DataArray(side, coords=[index]))
        m.add_objective((xr.DataArray(model.c, coords=[columns]) * x).sum())
        m.solve("highs", output_flag=False, io_api="direct")
        return m.objective.value

    return solve


def pulp_cbc(model):
    import pulp

    a = model.a.tocsr()

    def solve(low, high):
        m = pulp.LpProblem("m", pulp.LpMinimize)
        end = lambda v: float(v) if np.isfinite(v) else None
        x = [pulp.LpVariable(f"x{j}", end(model.least[j]), end(model.most[j])) for j in range(len(model.c))]
        m += pulp.LpAffineExpression((x[j], float(c)) for j, c in enumerate(model.c) if c)
        for i in range(a.shape[0]):
            span = slice(a.indptr[i], a.indptr[i + 1])
            row = pulp.LpAffineExpression((x[j], float(v)) for j, v in zip(a.indices[span], a.data[span]))
            if low[i] == high[i]:
                m += row == float(low[i])
                continue
            if np.isfinite(low[i]):
                m += row >= float(low[i])
            if np.isfinite(high[i]):
                m += row <= float(high[i])
        m.solve(pulp.PULP_CBC_CMD(msg=False))
        return pulp.value(m.objective)

    return solve


def scipy_linear(model):
    from scipy.optimize import linprog

    def solve(low, high):
        same = low == high
        over, under = np.isfinite(high) & ~same, np.isfinite(low) & ~same
        found = linprog(
            model.c,
            A_ub=sparse.vstack([model.a[over], -model.a[under]]),
            b_ub=np.concatenate([high[over], -low[under]]),
            A_eq=model.a[same],
            b_eq=low[same],
            bounds=np.column_stack([model.least, model.most]),
            method="highs",
        )
        return found.fun

    return solve


def scipy_squares(model):
    from scipy.optimize import Bounds, LinearConstraint, minimize

    if len(model.c) > 200:
        raise ValueError("dense: minutes a scenario at this size, left out")

    def solve(low, high):
        found = minimize(
            lambda x: model.c @ x + 0.5 * (model.q * x) @ x,
            np.clip(-model.c / np.where(model.q > 0, model.q, 1), model.least, model.most),
            jac=lambda x: model.c + model.q * x,
            method="SLSQP",
            bounds=Bounds(model.least, model.most),
            constraints=[
                LinearConstraint(model.a.toarray(), low, high),
            ],
            options={"maxiter": 500, "ftol": 1e-12},
        )
        return found.fun

    return solve


def highspy_hot(model):
    import highspy

    h = highspy.Highs()
    h.silent()
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.c), len(model.low)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = model.c, model.least, model.most
    lp.row_lower_, lp.row_upper_ = model.low, model.high
    a = model.a.tocsc()
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = a.indptr, a.indices, a.data
    whole = highspy.HighsModel()
    whole.lp_ = lp
    if model.q.any():
        n = len(model.c)
        whole.hessian_.dim_ = n
        whole.hessian_.start_ = np.arange(n + 1)
        whole.hessian_.index_ = np.arange(n)
        whole.hessian_.value_ = model.q
    h.passModel(whole)
    h.run()
    moving = [i for i, name in enumerate(model.rows) if name.startswith("balance")]

    def solve(low, high):
        for i in moving:
            h.changeRowBounds(i, float(low[i]), float(high[i]))
        h.run()
        return h.getInfo().objective_function_value

    return solve


def quadprog_dense(model):
    import quadprog

    def solve(low, high):
        a, b, g, h = sides(model, low, high)
        # It asks for a positive square in each column.
        q = np.diag(np.where(model.q > 0, model.q, 1e-6))
        rows = np.vstack([a.toarray(), -g.toarray()]).T
        found = quadprog.solve_qp(q, -model.c, rows, np.concatenate([b, -h]), a.shape[0])
        return found[1]

    return solve


# The name, what prepares it, and whether it takes linear programmes and squares.
TOOLS = [
    ("cvxpy + Clarabel", cvxpy_with("CLARABEL", False), True, True),
    ("cvxpy + Clarabel, compiled once", cvxpy_with("CLARABEL", True), True, True),
    ("cvxpy + OSQP", cvxpy_with("OSQP", False), False, True),
    ("cvxpy + OSQP, compiled once", cvxpy_with("OSQP", True), False, True),
    ("Pyomo + HiGHS", pyomo_highs, True, False),
    ("linopy + HiGHS", linopy_highs, True, False),
    ("PuLP + CBC", pulp_cbc, True, False),
    ("scipy.optimize.linprog", scipy_linear, True, False),
    ("highspy, hot", highspy_hot, True, True),
    ("quadprog", quadprog_dense, False, True),
    ("scipy.optimize.minimize (SLSQP)", scipy_squares, False, True),
]
