"""A linear rule on a parabola as a matrix: its eigenvalues, where they meet, and when they grow.

On ½λθ² with g = λθ, a rule that is linear in g and its moments multiplies (θ, moments) by a fixed
matrix each step. Its eigenvalues depend on η and λ through their product alone.
"""

from __future__ import annotations

from typing import NamedTuple

import sympy as sp

from gdlib.optimizers import Optimizer, beta
from gdlib.optimizers.symbols import eta, g, k, theta

curvature = sp.Symbol("curvature", positive=True)
scaled = sp.Symbol("h", positive=True)
"""ηλ, the rate measured by the curvature."""
condition = sp.Symbol("kappa", positive=True)


def matrix(optimizer: Optimizer) -> sp.Matrix | None:
    """Return what a step multiplies (θ, remembered moments) by; None if the rule is not linear."""
    now: dict[sp.Symbol, sp.Expr] = {g: curvature * theta}
    for symbol, expression in optimizer.moments.items():
        now[symbol] = expression.subs(now, simultaneous=True)
    state = [theta, *optimizer.remembers]
    after = [theta + optimizer.step.subs(now, simultaneous=True)]
    after += [now[symbol] for symbol in optimizer.remembers]
    found = sp.Matrix(after).jacobian(state)
    return None if found.free_symbols & {*state, k} or eta not in found.free_symbols else found


class Spectrum(NamedTuple):
    """The eigenvalues of a two-by-two rule over ηλ = h and β, as formulas."""

    matrix: sp.Matrix
    trace: sp.Expr
    determinant: sp.Expr

    @property
    def discriminant(self) -> sp.Expr:
        """Below 0 the eigenvalues are a complex pair."""
        return sp.factor(self.trace**2 - 4 * self.determinant)

    @property
    def parts(self) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
        """Return the two real parts, and the size of the imaginary parts."""
        middle, apart, up = self._around
        return middle + apart, middle - apart, up

    @property
    def radius(self) -> sp.Expr:
        """Return the larger size of the two: by what a step shrinks the error in the long run."""
        middle, apart, up = self._around
        return sp.sqrt((sp.Abs(middle) + apart) ** 2 + up**2)

    @property
    def _around(self) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
        """Half the trace, and half the distance of the two: along the real axis, or across it."""
        inside = self.discriminant
        apart, up = (sp.sqrt(sp.Max(0, x)) / 2 for x in (inside, -inside))
        return self.trace / 2, apart, up

    @property
    def bound(self) -> sp.Expr:
        """Return the ηλ, over β, from which on the steps grow: there an eigenvalue is −1."""
        return sp.factor(sp.solve(1 + self.trace + self.determinant, scaled)[0])

    @property
    def meeting(self) -> list[sp.Expr]:
        """Return the ηλ, over β, at which the eigenvalues meet: the edges of the complex pairs."""
        return [sp.simplify(root) for root in sp.solve(self.discriminant, scaled)]


def spectrum(optimizer: Optimizer) -> Spectrum:
    """Return the spectrum of a rule with one moment and one hyperparameter β beside the rate."""
    found = matrix(optimizer)
    known = {eta, beta, curvature}
    if found is None or found.shape != (2, 2) or found.free_symbols - known:
        raise ValueError(f"{optimizer.name} is no linear rule with one moment and one decay")
    over = [sp.expand(e.subs(curvature, scaled / eta)) for e in (found.trace(), found.det())]
    return Spectrum(found, sp.factor(over[0]), sp.factor(over[1]))


def tuned(optimizer: Optimizer) -> tuple[sp.Expr, sp.Expr]:
    """Return (ηL, β) that theory advises for quadratics with curvatures from L/κ to L.

    Polyak 1964 for the heavy ball; Lessard, Recht & Packard 2016, Prop. 1, for Nesterov's rule.
    """
    if optimizer.name == "momentum":
        root = sp.sqrt(condition)
        return 4 * condition / (root + 1) ** 2, ((root - 1) / (root + 1)) ** 2
    root = sp.sqrt(3 * condition + 1)
    return 4 * condition / (3 * condition + 1), (root - 2) / (root + 2)
