"""Where momentum converges, how fast, and why: eigenvalues over (ηλ, β)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from gdlib import optimizers
from gdlib.descent.descend import descend
from gdlib.descent.trajectory import Trajectory
from gdlib.formula import lower
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer, beta
from gdlib.theory import spectrum
from gdlib.widgets import printed
from gdlib.widgets.base import Widget
from gdlib.widgets.traits import Choice, Count, Flag, Json, Number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
METHODS = ("momentum", "Nesterov")
BOUNDS = ((0.0, 4.4), (0.0, 1.0))
"""Of the map: ηλ and β."""
LEVELS = (0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
MOST_STEPS, WORST_CONDITION = 300, 1e4


class MomentumMap(Widget):
    """Pick a rate and a decay; see the two eigenvalues of a step, and the path that they make.

    The map shows the spectral radius, by which a step shrinks the error in the long run, over the
    scaled rate ηλ and the decay β of a parabola ½λθ². With `condition` above 1 the cost has a
    second, smaller curvature μ = L/κ, and both must shrink.

    Parameters
    ----------
    method
        "momentum" or "Nesterov".
    scaled_rate
        ηL, the learning rate times the largest curvature.
    decay
        β, by which the memory fades.
    condition
        κ = L/μ; 1 for a single curvature.
    steps
        Length of the path shown.
    logarithmic
        Whether the chart shows |θ| on a logarithmic scale.

    Raises
    ------
    TypeError, ValueError
        Any value that makes no figure; the message says what was wanted.
    """

    method = Choice(METHODS, "momentum", help="The rule.").tag(sync=True)
    scaled_rate = Number(1.0, above=0, at_most=10, help="ηL, rate times largest curvature.").tag(
        sync=True
    )
    decay = Number(0.8, at_least=0, at_most=0.9999, help="β, how much of the last step stays.").tag(
        sync=True
    )
    condition = Number(1.0, at_least=1, at_most=WORST_CONDITION, help="κ = L/μ.").tag(sync=True)
    steps = Count(60, 1, MOST_STEPS, help="Steps of the path.").tag(sync=True)
    logarithmic = Flag(False, help="A logarithmic chart.").tag(sync=True)
    _programs = Json().tag(sync=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(_programs=describe(), **kwargs)

    @property
    def optimizer(self) -> Optimizer:
        """The rule with its numbers, for L = 1."""
        return _build(self.method, self.scaled_rate, self.decay)

    @property
    def curvatures(self) -> tuple[float, ...]:
        """The curvatures of the cost, L = 1 first."""
        return (1.0,) if self.condition == 1 else (1.0, 1 / self.condition)

    @property
    def trajectory(self) -> Trajectory:
        """The path from ones along each eigenvector, points of shape (steps + 1, curvatures)."""
        scales = np.array(self.curvatures)

        def bowl(at: Array) -> tuple[float, Array]:
            return float((scales * at**2).sum() / 2), scales * at

        return descend(bowl, self.optimizer, np.ones(len(scales)), self.steps)

    @property
    def eigenvalues(self) -> NDArray[np.complex128]:
        """The two eigenvalues of a step for each curvature, shape (curvatures, 2)."""
        found = spectrum.matrix(self.optimizer)
        assert found is not None  # both rules are linear
        settings = {s: sp.Float(v) for s, v in self.optimizer.hyperparameters.items()}
        exact = [found.subs({**settings, spectrum.curvature: c}) for c in self.curvatures]
        return np.linalg.eigvals(np.array(exact, dtype=float))

    @property
    def radius(self) -> float:
        """The largest size of any eigenvalue: below 1, the path converges."""
        return float(np.abs(self.eigenvalues).max())

    def title(self) -> str:
        """Name the rule and the point."""
        return f"{self.method}, ηL = {self.scaled_rate:g}, β = {self.decay:g}"

    def alt_text(self) -> str:
        """Say where the point lies and what follows."""
        kind = "converges" if self.radius < 1 else "does not converge"
        return (
            f"Map of the spectral radius of {self.method} over the scaled rate ηλ and the decay β."
            f" Runs converge left of the line ηλ = {_bound_words(self.method)}. At ηL ="
            f" {self.scaled_rate:g} and β = {self.decay:g} the radius is {self.radius:.3g}:"
            f" the path {kind}."
        )

    def draw(self, figure: Figure) -> None:
        """Draw the map with the point, the unit circle with the eigenvalues, and the path."""
        from gdlib import plotting

        grid = figure.add_gridspec(2, 2, width_ratios=(1.5, 1))
        places = [figure.add_subplot(part) for part in (grid[:, 0], grid[0, 1], grid[1, 1])]
        plane, circle, chart = places
        self._draw_map(plane)
        angles = np.linspace(0, 2 * np.pi, 200)
        circle.plot(np.cos(angles), np.sin(angles), color=plotting.INK, lw=1)
        look = plotting.look(self.method)
        for pair, marker in zip(self.eigenvalues, "sD", strict=False):
            circle.plot(pair.real, pair.imag, marker, color=look.colour)
        circle.set(aspect="equal", xlabel="real part", ylabel="imaginary part")
        path = self.trajectory.points
        shown = np.where(np.abs(path) < 5, path, np.nan)
        for along, marker in zip(shown.T, "sD", strict=False):
            chart.plot(along, f"-{marker}", color=look.colour, markersize=3)
        chart.set(xlabel="step $k$", ylabel=r"$\theta$")
        for axes in places:
            plotting.style(axes)

    def _draw_map(self, axes: Any) -> None:
        from gdlib import plotting

        radius = spectrum.spectrum(self.optimizer).radius
        plane = Landscape("spectral radius", radius, (spectrum.scaled, beta), BOUNDS, (1.0, 0.5))
        plotting.contours(axes, plane, levels=LEVELS)
        places = [self.scaled_rate * c for c in self.curvatures]
        axes.plot(places, [self.decay] * len(places), "o-", color="k", mec="w", ms=8)
        axes.set(xlabel=r"$\eta\lambda$", ylabel=r"$\beta$")


def _build(method: str, rate: float, decay: float) -> Optimizer:
    build = optimizers.momentum if method == "momentum" else optimizers.nesterov
    return build(rate, decay)


def _bound_words(method: str) -> str:
    bound = spectrum.spectrum(_build(method, 1.0, 0.5)).bound
    return str(bound).replace("beta", "β").replace("*", "")


@cache
def describe() -> printed.Program:
    """Return each rule's spectrum as formulas over ηλ and β, and a parabola to run it on."""
    rules = [_build(name, 1.0, 0.5) for name in METHODS]
    x = sp.Symbol("theta", real=True)
    parabola = Landscape("parabola", x**2 / 2, (x,), ((-2.0, 2.0),), (1.0,), minima=((0.0,),))
    return {
        "rules": [printed.rule(rule) for rule in rules],
        "spectra": [_spectrum_programs(rule) for rule in rules],
        "parabola": printed.landscape(parabola),
        "bounds": [list(pair) for pair in BOUNDS],
        "levels": list(LEVELS),
    }


def _spectrum_programs(rule: Optimizer) -> printed.Program:
    found = spectrum.spectrum(rule)
    places = {spectrum.scaled: "theta_0", beta: "theta_1"}
    return {
        "equation": printed.mathml(_equation(found)),
        "radius": printed.code(lower.lower([found.radius], names=places)),
        "eigenvalues": printed.code(lower.lower(found.parts, names=places)),
        "bound": printed.code(lower.lower([found.bound])),
        "bound_text": _bound_words(rule.name),
        "meeting": [printed.code(lower.lower([root])) for root in found.meeting],
        "tuned": printed.code(lower.lower(spectrum.tuned(rule))),
    }


def _equation(found: spectrum.Spectrum) -> sp.Expr:
    """Return the equation of the eigenvalues r, with ηλ as a reader writes it."""
    root, product = sp.Symbol("r"), sp.Symbol("eta") * sp.Symbol("lambda")
    polynomial = root**2 - found.trace * root + found.determinant
    return sp.Eq(polynomial.subs(spectrum.scaled, product), 0, evaluate=False)
