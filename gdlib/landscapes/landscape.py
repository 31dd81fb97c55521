"""Cost functions with a formula: evaluate them, differentiate them, find where they are flat."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.console import printable
from gdlib.formula import lower, names, sayable, targets
from gdlib.formula.compiled import compiled, flat, guarded_roots
from gdlib.formula.derivatives import MOST_NODES, derivatives, has_corners

if TYPE_CHECKING:
    from gdlib.landscapes.critical_points import CriticalPoint

Array = NDArray[np.float64]
Coordinates = tuple[float, ...]


@printable
@dataclass(frozen=True, init=False)
class Landscape:
    """A cost J(θ) given by one exact formula, with the facts that a figure needs.

    Parameters
    ----------
    name
        What to call it.
    expr
        The formula in SymPy, without floats: write `sympy.Rational(3, 2)`, not `1.5`.
    variables
        The n real symbols of the formula, in order.
    bounds
        `(low, high)` for each variable: the part worth drawing.
    start
        Where a descent starts unless told otherwise.
    minima
        Known minimisers.
    source
        Where the function comes from.
    citation
        The same, under the name by which the landscape keeps it.

    Raises
    ------
    TypeError, ValueError
        Text instead of a formula (`Landscape.parse` reads it); a formula that some target cannot
        say exactly; variables that are no real symbols; bounds or points of the wrong shape.
    """

    name: str
    expr: sp.Expr
    variables: tuple[sp.Symbol, ...]
    bounds: tuple[tuple[float, float], ...]
    start: Coordinates
    minima: tuple[Coordinates, ...]
    citation: str

    def __init__(
        self,
        name: str,
        expr: sp.Expr,
        variables: Sequence[sp.Symbol],
        bounds: ArrayLike,
        start: ArrayLike,
        minima: ArrayLike = (),
        source: str = "",
        *,
        citation: str = "",
    ) -> None:
        # Written out because the keyword `source` (where it comes from) and the method
        # `source` (its code) share a name: the first is kept as `citation`, under which
        # `dataclasses.replace` hands it over.
        owner = checks.text("name", name)
        symbols = _variables(owner, variables)
        n = len(symbols)
        values = {
            "name": owner,
            "expr": sayable.formula(expr, f"{owner}'s formula"),
            "variables": symbols,
            "bounds": checks.bounds(f"{owner}'s bounds", bounds, n),
            "start": tuple(checks.array(f"{owner}'s start", start, shape=(n,)).tolist()),
            "minima": _points(f"{owner}'s minima", minima, n),
            "citation": checks.text("source", source) or checks.text("citation", citation),
        }
        for field, value in values.items():
            object.__setattr__(self, field, value)
        try:
            for part in (self.expr, *self.gradient_formula, *self.hessian_formula):
                sayable.check(part, symbols, f"{owner} or a derivative of it")
        except RecursionError:
            raise ValueError(f"{owner}'s formula nests too deep to be differentiated") from None

    @property
    def has_corners(self) -> bool:
        """Whether the slope may jump, be infinite or be none where there is a value.

        So it may for |·|, max, min, a sign, a step, and for a root of what reaches 0.
        """
        return has_corners(self.expr)

    @property
    def n(self) -> int:
        """The number of variables."""
        return len(self.variables)

    def points(self, x: ArrayLike) -> Array:
        """Return `x` as an array of points of shape (..., n), or say what is wrong with it."""
        return self._shaped(x, finite=True)

    def _shaped(self, x: ArrayLike, *, finite: bool) -> Array:
        points = checks.array(f"the points of {self.name}", x, finite=finite)
        if points.ndim == 0 or points.shape[-1] != self.n:
            raise ValueError(
                f"{self.name} takes points of shape (..., {self.n}), not {points.shape}"
            )
        return points

    def value(self, x: ArrayLike) -> Array:
        """Return the cost at points (..., n), of shape (...)."""
        return self.evaluate("value", self.points(x))

    def gradient(self, x: ArrayLike) -> Array:
        """Return the partial derivatives at points (..., n), of shape (..., n).

        At a corner, where there are none, one subgradient is chosen: the slope of |x| at 0 is 0,
        that of max(0, x) too, and max(a, b) has the slope of one of the two where they tie.
        """
        return self.evaluate("gradient", self.points(x))

    def hessian(self, x: ArrayLike) -> Array:
        """Return the second derivatives at points (..., n), of shape (..., n, n).

        At a corner there are none: these are then the curvatures of the smooth pieces, without the
        jump of the slope. |x| has curvature 0 everywhere by this count.
        """
        return self.evaluate("hessian", self.points(x))

    def evaluate(self, what: str, points: Array) -> Array:
        """Evaluate "value", "gradient" or "hessian" without checking the points.

        Infinities pass through, as a diverging run needs; the results may hold NaN.
        """
        function, shape = compiled(self.expr, self.variables, what)
        given: Any = points
        if not isinstance(given, np.ndarray) or given.shape[-1:] != (self.n,):
            points = self._shaped(given, finite=False)
        out = np.empty(points.shape[:-1] + shape)
        columns = out.reshape(-1, math.prod(shape)).T
        # One point alone goes in as plain numbers, many as columns.
        coordinates = points if points.ndim == 1 else points.reshape(-1, self.n).T
        with np.errstate(all="ignore"):
            for i, column in enumerate(function(*coordinates)):
                columns[i] = column
        return out[()]

    @cached_property
    def _formulas(self) -> tuple[sp.Expr, list[sp.Expr], list[list[sp.Expr]]]:
        return derivatives(self.expr, self.variables)

    @property
    def gradient_formula(self) -> list[sp.Expr]:
        """The n partial derivatives as SymPy expressions."""
        return list(self._formulas[1])

    @property
    def hessian_formula(self) -> sp.Matrix:
        """The n × n second derivatives as a SymPy matrix."""
        return sp.Matrix(self._formulas[2])

    def source(self, target: str) -> str:
        """Write value, gradient and Hessian as functions: "python", "numpy" or "javascript"."""
        checks.choice("target", target, targets.TARGETS)
        called = _names(self.variables)
        functions = []
        for what in ("value", "gradient", "hessian"):
            formulas, shape = flat(self._formulas, what)
            guarded = guarded_roots(self.expr, self.variables, what)
            block = lower.lower(formulas, names=called, roots=guarded)
            functions.append(targets.function(what, list(called.values()), block, target, shape))
        return "\n\n".join(functions)

    def latex(self) -> str:
        """Return the formula as LaTeX, without dollar signs."""
        arguments = ", ".join(map(names.latex, self.variables))
        return f"J({arguments}) = {names.typeset(self.expr)}"

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def value_and_gradient(self, points: Array) -> tuple[Array, Array]:
        """Evaluate both without checking the points (..., n); shapes (...) and (..., n)."""
        # One point alone is faster as plain numbers, and the same to the bit.
        at = points.reshape(self.n) if points.size == self.n else points
        value, gradient = self.evaluate("value", at), self.evaluate("gradient", at)
        return np.asarray(value).reshape(points.shape[:-1]), gradient.reshape(points.shape)

    def __repr__(self) -> str:
        return f"Landscape({self.name}: {self.expr})"

    def critical_points(self) -> list[CriticalPoint]:
        """Find where the gradient is zero, and say what is there.

        Polynomials are solved exactly (every real critical point); others by Newton's method from
        many starts within the bounds. Sorted by value.

        Raises
        ------
        ValueError
            The critical points are not isolated, or more than 5,000; or the formula has corners,
            where a minimum may lie without a gradient that is zero.
        """
        from gdlib.landscapes import critical_points

        return critical_points.find(self)

    @staticmethod
    def parse(
        text: str,
        *,
        name: str = "my landscape",
        bounds: ArrayLike | None = None,
        start: ArrayLike | None = None,
    ) -> Landscape:
        """Make a landscape from a line of arithmetic, such as `"x**4 - 3*x**2 + x*y + y**2"`.

        Variables are taken in alphabetical order. Bounds are a pair for each, or
        one pair for all, (−3, 3) by default; the start is a point a third of the way in. The text
        is read, never run.

        Raises
        ------
        TypeError, ValueError
            Anything but arithmetic and elementary functions, or no variable; what would take
            SymPy long to differentiate.
        """
        from gdlib.formula import parse

        owner = checks.text("name", name)
        expr = parse.read(text)
        variables = tuple(sorted(expr.free_symbols, key=str))
        if not variables:
            raise ValueError(f"a landscape needs at least one variable; {text[:60]!r} has none")
        _, gradient, hessian = derivatives(expr, variables, most=MOST_NODES)
        if any(map(parse.not_real, (*gradient, *itertools.chain(*hessian)))):
            raise ValueError(
                f"a slope of {checks.shown(text)} holds what is nowhere finite and real"
            )
        box = [(-3.0, 3.0)] * len(variables)
        if bounds is not None:
            pairs = checks.array(f"{owner}'s bounds", bounds, finite=False)
            each = [pairs] * len(variables) if pairs.shape == (2,) else bounds
            box = list(checks.bounds(f"{owner}'s bounds", each, len(variables)))
        if start is None:
            start = [low + (high - low) / 3 for low, high in box]
        return Landscape(owner, expr, variables, box, start)


def _variables(owner: str, value: Any) -> tuple[sp.Symbol, ...]:
    """Return the symbols of a formula, all real and all different, at least one."""
    wanted = f"{owner}'s variables must be a sequence of real SymPy symbols"
    if isinstance(value, (str, sp.Symbol)) or not isinstance(value, (Sequence, sp.Tuple)):
        hint = f": write ({value},)" if isinstance(value, sp.Symbol) else ""
        raise TypeError(f"{wanted}, not {checks.shown(value)}{hint}")
    for symbol in value:
        if not isinstance(symbol, sp.Symbol):
            raise TypeError(f"{wanted}; {checks.shown(symbol)} is none")
        if not symbol.is_extended_real:
            raise ValueError(f"{wanted}, as sympy.symbols({str(symbol)!r}, real=True) gives it")
    if not value:
        raise ValueError(f"{wanted}, at least one, not {checks.shown(value)}")
    twice = next((s for i, s in enumerate(value) if s in value[:i]), None)
    if twice is not None:
        raise ValueError(f"{wanted}, each once; {twice} is there twice")
    return tuple(value)


def _points(name: str, value: Any, n: int) -> tuple[Coordinates, ...]:
    points = checks.array(name, value)
    if points.size:
        points = checks.array(name, points, shape=(None, n))
    return tuple(map(tuple, points.tolist())) if points.size else ()


def _names(variables: Sequence[sp.Symbol]) -> dict[sp.Symbol, str]:
    """Keep the variables' own names where all of them can stand in code, else number them."""
    found = names.of(variables)
    if all(name == v.name for v, name in found.items()):
        return found
    return {v: f"x_{i}" for i, v in enumerate(variables)}
