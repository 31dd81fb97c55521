"""A linear rule's matrix does what its step does, and its eigenvalues are those of the matrix."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib.optimizers import beta
from gdlib.optimizers.state import State
from gdlib.optimizers.symbols import eta, g, k, theta
from gdlib.theory import spectrum

m, v, w = sp.symbols("m v w", real=True)
RATE, CURVATURE, DECAY = 0.3, 2.0, 0.7
LINEAR = [
    gd.gradient_descent(RATE),
    gd.momentum(RATE, decay=DECAY),
    gd.nesterov(RATE, decay=DECAY),
    gd.Optimizer("old", -eta * (m + v), {m: m / 2 + v, v: v / 3 + g}, {eta: RATE}),
    gd.Optimizer(
        "three", -eta * (m - v + 5 * w) - theta / 9,
        {m: m / 2 + v, v: v / 3 + g, w: w / 7 + 2 * m - v}, {eta: RATE},
    ),
]  # fmt: skip


@pytest.mark.parametrize("rule", LINEAR, ids=lambda rule: rule.name)
def test_the_matrix_takes_the_step_that_the_rule_takes(rule: gd.Optimizer) -> None:
    found = spectrum.matrix(rule)
    assert found is not None
    matrix = np.array(found.subs({eta: RATE, beta: DECAY, spectrum.curvature: CURVATURE}), float)
    names = [rule.names[s] for s in rule.remembers]
    for column, (point, *moments) in zip(matrix.T, np.eye(1 + len(names)), strict=True):
        state = State(0, {name: np.array(x) for name, x in zip(names, moments, strict=True)})
        step, after = rule.update(CURVATURE * point, state, point)
        np.testing.assert_allclose(column, [point + step, *(after.moments[n] for n in names)])


@pytest.mark.parametrize(
    "rule",
    [
        gd.adam(0.1),
        gd.Optimizer("root", -eta * sp.sign(g) * sp.sqrt(sp.Abs(g)), {}, {eta: 0.1}),
        gd.Optimizer("counted", -eta * g / k, {}, {eta: 0.1}),
        gd.Optimizer("square", -eta * m, {m: m**2 + g}, {eta: 0.1}),
        gd.Optimizer("rateless", -g / 10, {}, {}),
    ],
    ids=lambda rule: rule.name,
)
def test_a_rule_that_is_not_linear_at_a_rate_has_no_matrix(rule: gd.Optimizer) -> None:
    assert spectrum.matrix(rule) is None
    with pytest.raises(ValueError, match=f"{rule.name} is no linear rule"):
        spectrum.spectrum(rule)


@pytest.mark.parametrize(
    "rule",
    [
        gd.gradient_descent(0.1),
        LINEAR[-1],
        gd.Optimizer("two", -eta * m, {m: beta * m + w * g}, {eta: 0.1, beta: 0.5, w: 2.0}),
    ],
    ids=lambda rule: rule.name,
)
def test_a_spectrum_is_that_of_one_moment_and_one_decay(rule: gd.Optimizer) -> None:
    assert spectrum.matrix(rule) is not None
    with pytest.raises(ValueError, match=f"{rule.name} is no linear rule"):
        spectrum.spectrum(rule)


TWO = {"momentum": gd.momentum(0.1), "Nesterov": gd.nesterov(0.1)}


@pytest.mark.parametrize("name", TWO)
@pytest.mark.parametrize("decay", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("h", [0.01, 0.2, 1.0, 1.9, 3.5])
def test_the_eigenvalues_are_those_of_the_matrix(name: str, decay: float, h: float) -> None:
    found = spectrum.spectrum(TWO[name])
    at = {spectrum.scaled: h, beta: decay}
    matrix = found.matrix.subs({eta: h, spectrum.curvature: 1, beta: decay})
    values = np.linalg.eigvals(np.array(matrix, float))
    high, low, up = (float(part.subs(at)) for part in found.parts)
    np.testing.assert_allclose([high, low], np.sort(values.real)[::-1], atol=1e-7)
    assert up == pytest.approx(np.abs(values.imag).max(), abs=1e-7)
    assert float(found.radius.subs(at)) == pytest.approx(np.abs(values).max(), abs=1e-7)
    assert (float(found.discriminant.subs(at)) < 0) == (up > 0)


@pytest.mark.parametrize("name", TWO)
def test_at_the_bound_an_eigenvalue_is_minus_1_and_where_they_meet_both_are_one(name: str) -> None:
    found = spectrum.spectrum(TWO[name])
    low = found.parts[1].subs({spectrum.scaled: found.bound, beta: sp.Rational(1, 3)})
    assert float(low.subs(beta, sp.Rational(1, 3))) == pytest.approx(-1)
    assert found.meeting
    for h in found.meeting:
        assert sp.simplify(found.discriminant.subs(spectrum.scaled, h)) == 0


@pytest.mark.parametrize("kappa", [4, 25, 100])
@pytest.mark.parametrize(
    ("name", "factor"),
    [
        # Polyak 1964; Lessard, Recht & Packard 2016, Prop. 1.
        ("momentum", lambda kappa: (math.sqrt(kappa) - 1) / (math.sqrt(kappa) + 1)),
        ("Nesterov", lambda kappa: 1 - 2 / math.sqrt(3 * kappa + 1)),
    ],
)
def test_the_tuned_rule_shrinks_both_ends_by_the_published_factor(
    name: str, factor: object, kappa: int
) -> None:
    assert callable(factor)
    h, decay = (float(e.subs(spectrum.condition, kappa)) for e in spectrum.tuned(TWO[name]))
    radius = spectrum.spectrum(TWO[name]).radius
    sizes = [float(radius.subs({spectrum.scaled: x, beta: decay})) for x in (h, h / kappa)]
    assert max(sizes) == pytest.approx(factor(kappa), abs=1e-6)
