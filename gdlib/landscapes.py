"""Cost functions with a formula: evaluate them, differentiate them, find where they are flat."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from gdlib import checks, codegen, names
from gdlib.console import printable
from gdlib.slopes import MOST_NODES, Roots, derivatives, has_corners, roots

if TYPE_CHECKING:
    from gdlib.critical import CriticalPoint

Array = NDArray[np.float64]
Point = tuple[float, ...]


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
    start: Point
    minima: tuple[Point, ...]
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
            "expr": codegen.formula(expr, f"{owner}'s formula"),
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
                codegen.check(part, symbols, f"{owner} or a derivative of it")
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
        flat = out.reshape(*points.shape[:-1], math.prod(shape))
        with np.errstate(all="ignore"):
            for i, column in enumerate(function(*np.moveaxis(points, -1, 0))):
                flat[..., i] = column
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
        checks.choice("target", target, codegen.TARGETS)
        called = _names(self.variables)
        functions = []
        for what in ("value", "gradient", "hessian"):
            formulas, shape = _flat(self._formulas, what)
            guarded = _roots(self.expr, self.variables, what)
            block = codegen.lower(formulas, names=called, roots=guarded)
            functions.append(codegen.function(what, list(called.values()), block, target, shape))
        return "\n\n".join(functions)

    def latex(self) -> str:
        """Return the formula as LaTeX, without dollar signs."""
        arguments = ", ".join(map(names.latex, self.variables))
        return f"J({arguments}) = {names.typeset(self.expr)}"

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def value_and_gradient(self, points: Array) -> tuple[Array, Array]:
        """Evaluate both without checking the points (..., n); shapes (...) and (..., n)."""
        return np.asarray(self.evaluate("value", points)), self.evaluate("gradient", points)

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
        from gdlib import critical

        return critical.find(self)

    @staticmethod
    def parse(
        text: str,
        *,
        name: str = "my landscape",
        bounds: ArrayLike | None = None,
        start: ArrayLike | None = None,
    ) -> Landscape:
        """Make a landscape from a line of arithmetic, such as `"x**4 - 3*x**2 + x*y + y**2"`.

        Variables are taken in alphabetical order. Bounds default to (−3, 3), the start to a
        point a third of the way in. The text is read, never run.

        Raises
        ------
        TypeError, ValueError
            Anything but arithmetic and elementary functions, or no variable; what would take
            SymPy long to differentiate.
        """
        from gdlib import formulas

        owner = checks.text("name", name)
        expr = formulas.read(text)
        variables = tuple(sorted(expr.free_symbols, key=str))
        if not variables:
            raise ValueError(f"a landscape needs at least one variable; {text[:60]!r} has none")
        _, gradient, hessian = derivatives(expr, variables, most=MOST_NODES)
        if any(map(formulas.not_real, (*gradient, *itertools.chain(*hessian)))):
            raise ValueError(
                f"a slope of {checks.shown(text)} holds what is nowhere finite and real"
            )
        box = [(-3.0, 3.0)] * len(variables)
        if bounds is not None:
            box = list(checks.bounds(f"{owner}'s bounds", bounds, len(variables)))
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


def _points(name: str, value: Any, n: int) -> tuple[Point, ...]:
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


def _flat(
    formulas: tuple[sp.Expr, list[sp.Expr], list[list[sp.Expr]]], what: str
) -> tuple[list[sp.Expr], tuple[int, ...]]:
    value, gradient, hessian = formulas
    n = len(gradient)
    checks.choice("what", what, ("value", "gradient", "hessian"))
    if what == "hessian":
        return [entry for row in hessian for entry in row], (n, n)
    return ([value], ()) if what == "value" else (gradient, (n,))


@cache
def lowered(expr: sp.Expr, variables: tuple[sp.Symbol, ...], what: str) -> codegen.Block:
    """Lower value, gradient or Hessian to trees over `theta_0`, `theta_1` and so on."""
    names = {symbol: f"theta_{i}" for i, symbol in enumerate(variables)}
    formulas = _flat(derivatives(expr, variables), what)[0]
    return codegen.lower(formulas, names=names, roots=_roots(expr, variables, what))


@cache
def _roots(expr: sp.Expr, variables: tuple[sp.Symbol, ...], what: str) -> Roots:
    """Return the roots whose slopes "gradient" or "hessian" holds; a value has none."""
    if what == "value":
        return {}
    lower = [expr] if what == "gradient" else derivatives(expr, variables)[1]
    return roots(lower, variables)


@cache
def compiled(
    expr: sp.Expr, variables: tuple[sp.Symbol, ...], what: str
) -> tuple[Callable[..., list[Array]], tuple[int, ...]]:
    """Compile value, gradient or Hessian for NumPy: coordinates in, flat results out."""
    block = lowered(expr, variables, what)
    arguments = [f"theta_{i}" for i in range(len(variables))]
    source = codegen.function(what, arguments, block, "numpy", (len(block.results),))
    return codegen.compile_python(source, what), _flat(derivatives(expr, variables), what)[1]


def _xy() -> tuple[sp.Symbol, sp.Symbol]:
    x, y = sp.symbols("x y", real=True)
    return x, y


def quadratic(condition: float = 10) -> Landscape:
    """Build a bowl with curvatures 1 and `condition`: J = ½(x² + κy²).

    Raises
    ------
    TypeError, ValueError
        A condition number below 1, or none.
    """
    number = checks.number("condition", condition, at_least=1)
    x, y = _xy()
    exact = isinstance(condition, (int, sp.Rational))
    kappa = sp.Rational(condition) if exact else sp.nsimplify(number, rational=True)
    return Landscape(
        name="quadratic",
        expr=(x**2 + kappa * y**2) / 2,
        variables=(x, y),
        bounds=((-2.5, 2.5), (-1.5, 1.5)),
        start=(2.0, 1.0),
        minima=((0.0, 0.0),),
        source="Boyd & Vandenberghe 2004, §9.3.2, doi:10.1017/CBO9780511804441",
    )


def rosenbrock() -> Landscape:
    """Build the banana-shaped valley that defeats plain gradient descent."""
    x, y = _xy()
    return Landscape(
        name="Rosenbrock",
        expr=(1 - x) ** 2 + 100 * (y - x**2) ** 2,
        variables=(x, y),
        bounds=((-2.0, 2.0), (-1.0, 3.0)),
        start=(-1.2, 1.0),
        minima=((1.0, 1.0),),
        source="Rosenbrock 1960, doi:10.1093/comjnl/3.3.175",
    )


def himmelblau() -> Landscape:
    """Build four equal minima round one hill."""
    x, y = _xy()
    return Landscape(
        name="Himmelblau",
        expr=(x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
        variables=(x, y),
        bounds=((-5.0, 5.0), (-5.0, 5.0)),
        start=(0.0, -1.0),
        minima=(
            (3.0, 2.0),
            (-2.805118086952745, 3.131312518250573),
            (-3.779310253377747, -3.283185991286169),
            (3.584428340330492, -1.848126526964404),
        ),
        source="Himmelblau 1972, Applied Nonlinear Programming, ISBN 0-07-028921-2",
    )


def beale() -> Landscape:
    """Build a flat-bottomed valley with steep corners."""
    x, y = _xy()
    return Landscape(
        name="Beale",
        expr=(sp.Rational(3, 2) - x + x * y) ** 2
        + (sp.Rational(9, 4) - x + x * y**2) ** 2
        + (sp.Rational(21, 8) - x + x * y**3) ** 2,
        variables=(x, y),
        bounds=((-4.5, 4.5), (-2.0, 2.0)),
        start=(1.0, -0.5),
        minima=((3.0, 0.5),),
        source="Moré, Garbow & Hillstrom 1981, problem 5, doi:10.1145/355934.355936",
    )


def saddle() -> Landscape:
    """Build the simplest saddle: up along x, down along y, until y⁴ catches it."""
    x, y = _xy()
    return Landscape(
        name="saddle",
        expr=x**2 / 2 + y**4 / 4 - y**2 / 2,
        variables=(x, y),
        bounds=((-2.0, 2.0), (-1.6, 1.6)),
        start=(1.5, 0.001),
        minima=((0.0, 1.0), (0.0, -1.0)),
        source="Lee, Simchowitz, Jordan & Recht 2016, arXiv:1602.04915",
    )


def monkey_saddle() -> Landscape:
    """Build a saddle with a third dip, for the tail; it has no minimum."""
    x, y = _xy()
    return Landscape(
        name="monkey saddle",
        expr=x**3 - 3 * x * y**2,
        variables=(x, y),
        bounds=((-1.5, 1.5), (-1.5, 1.5)),
        start=(1.0, 0.01),
        source="Hilbert & Cohn-Vossen 1932, §29, doi:10.1007/978-3-662-36685-1",
    )


def double_well() -> Landscape:
    """Build two valleys of unequal depth, one variable: the shallow one traps."""
    x = sp.Symbol("x", real=True)
    return Landscape(
        name="double well",
        expr=x**4 / 4 - x**2 + x / 4,
        variables=(x,),
        bounds=((-2.2, 2.2),),
        start=(2.0,),
        minima=((-1.4729976011140301,),),
        source="This book: the tilted quartic, the least formula with two unequal minima",
    )


def rastrigin() -> Landscape:
    """Build a bowl covered with a lattice of dimples."""
    x, y = _xy()
    return Landscape(
        name="Rastrigin",
        expr=20 + x**2 + y**2 - 10 * sp.cos(2 * sp.pi * x) - 10 * sp.cos(2 * sp.pi * y),
        variables=(x, y),
        bounds=((-5.12, 5.12), (-5.12, 5.12)),
        start=(3.3, -2.4),
        minima=((0.0, 0.0),),
        source="Rastrigin 1974; Mühlenbein et al. 1991, doi:10.1016/S0167-8191(05)80052-3",
    )


def ackley() -> Landscape:
    """Build an almost flat plain of dimples with one deep funnel; its tip is a corner."""
    x, y = _xy()
    radius = sp.sqrt((x**2 + y**2) / 2)
    waves = (sp.cos(2 * sp.pi * x) + sp.cos(2 * sp.pi * y)) / 2
    return Landscape(
        name="Ackley",
        expr=-20 * sp.exp(-radius / 5) - sp.exp(waves) + sp.E + 20,
        variables=(x, y),
        bounds=((-5.0, 5.0), (-5.0, 5.0)),
        start=(2.8, -1.7),
        minima=((0.0, 0.0),),
        source="Ackley 1987, doi:10.1007/978-1-4613-1997-9",
    )


def booth() -> Landscape:
    """Build a tilted quadratic bowl with its minimum off the axes."""
    x, y = _xy()
    return Landscape(
        name="Booth",
        expr=(x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2,
        variables=(x, y),
        bounds=((-10.0, 10.0), (-10.0, 10.0)),
        start=(-7.0, -4.0),
        minima=((1.0, 3.0),),
        source="Jamil & Yang 2013, no. 17, doi:10.1504/IJMMNO.2013.055204",
    )


def matyas() -> Landscape:
    """Build a long shallow valley along x = y."""
    x, y = _xy()
    return Landscape(
        name="Matyas",
        expr=sp.Rational(13, 50) * (x**2 + y**2) - sp.Rational(12, 25) * x * y,
        variables=(x, y),
        bounds=((-10.0, 10.0), (-10.0, 10.0)),
        start=(-8.0, 5.0),
        minima=((0.0, 0.0),),
        source="Jamil & Yang 2013, no. 71, doi:10.1504/IJMMNO.2013.055204",
    )


def three_hump_camel() -> Landscape:
    """Build three minima in a row, the middle one the deepest."""
    x, y = _xy()
    return Landscape(
        name="three-hump camel",
        expr=2 * x**2 - sp.Rational(21, 20) * x**4 + x**6 / 6 + x * y + y**2,
        variables=(x, y),
        bounds=((-2.5, 2.5), (-2.5, 2.5)),
        start=(2.2, 1.8),
        minima=((0.0, 0.0),),
        source="Jamil & Yang 2013, no. 29, doi:10.1504/IJMMNO.2013.055204",
    )


def six_hump_camel() -> Landscape:
    """Build six minima in three pairs; two of them are global."""
    x, y = _xy()
    return Landscape(
        name="six-hump camel",
        expr=(4 - sp.Rational(21, 10) * x**2 + x**4 / 3) * x**2 + x * y + (4 * y**2 - 4) * y**2,
        variables=(x, y),
        bounds=((-2.1, 2.1), (-1.2, 1.2)),
        start=(1.9, 0.95),
        minima=(
            (0.0898420131003181, -0.7126564030207396),
            (-0.0898420131003181, 0.7126564030207396),
        ),
        source="Dixon & Szegő 1978, Towards Global Optimisation 2, ISBN 0-444-85171-2",
    )


def styblinski_tang() -> Landscape:
    """Build four minima of four depths, one in each quadrant."""
    x, y = _xy()
    return Landscape(
        name="Styblinski–Tang",
        expr=(x**4 - 16 * x**2 + 5 * x + y**4 - 16 * y**2 + 5 * y) / 2,
        variables=(x, y),
        bounds=((-5.0, 5.0), (-5.0, 5.0)),
        start=(0.5, 0.5),
        minima=((-2.903534027771177, -2.903534027771177),),
        source="Styblinski & Tang 1990, doi:10.1016/0893-6080(90)90029-K",
    )


def plateau() -> Landscape:
    """Build a basin whose rim is so flat that the gradient all but vanishes there."""
    x, y = _xy()
    return Landscape(
        name="plateau",
        expr=1 - sp.exp(-(x**2 + 2 * y**2) / 2),
        variables=(x, y),
        bounds=((-4.0, 4.0), (-3.0, 3.0)),
        start=(2.6, 1.4),
        minima=((0.0, 0.0),),
        source="This book: a Gaussian well, the saturation of a sigmoid in two variables",
    )


def lasso() -> Landscape:
    """Build a bowl with the penalty |x| + |y|: its lowest point lies on the crease y = 0."""
    x, y = _xy()
    bowl = x**2 / 2 + x * y / 2 + y**2 - sp.Rational(7, 4) * x  # lowest at (2, −½)
    return Landscape(
        name="lasso",
        expr=bowl + sp.Abs(x) + sp.Abs(y),
        variables=(x, y),
        bounds=((-1.0, 3.0), (-1.5, 1.5)),
        start=(-0.75, 1.25),
        minima=((0.75, 0.0),),
        source="Tibshirani 1996, doi:10.1111/j.2517-6161.1996.tb02080.x",
    )


def wolfe() -> Landscape:
    """Build a convex crease on which steepest descent stops far above the lowest point."""
    x, y = _xy()
    fan = 5 * sp.sqrt(9 * x**2 + 16 * y**2)
    crease = 9 * x + 16 * sp.Abs(y)
    return Landscape(
        name="Wolfe",
        expr=sp.Piecewise((fan, x > sp.Abs(y)), (crease, x > 0), (crease - x**9, True)),
        variables=(x, y),
        bounds=((-1.4, 2.2), (-1.3, 1.3)),
        start=(16 / 9, 1.0),
        minima=((-1.0, 0.0),),
        source="Wolfe 1975, doi:10.1007/BFb0120703",
    )


catalogue: dict[str, Callable[[], Landscape]] = {
    build.__name__: build
    for build in (
        quadratic, rosenbrock, himmelblau, beale, saddle, monkey_saddle, double_well, rastrigin,
        ackley, booth, matyas, three_hump_camel, six_hump_camel, styblinski_tang, plateau,
        lasso, wolfe,
    )
}  # fmt: skip
"""Every landscape by the name of the function that builds it."""
