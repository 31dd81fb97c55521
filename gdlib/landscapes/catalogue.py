"""The cost functions of the book, each one formula with its source."""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from gdlib import checks
from gdlib.landscapes.landscape import Landscape


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
