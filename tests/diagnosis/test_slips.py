"""Slips of a gradient: which points are asked, how far an answer may err, and what it is called."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.diagnosis import gradient_check, resolution
from gdlib.diagnosis.findings import Diagnosis, Finding
from tests.diagnosis.material import read

BELOW, ABOVE = 1 - 1e-9, 1 + 1e-9
X = np.array([[4.0, 1.0], [3.0, -2.0], [2.0, 3.0], [1.0, 0.5], [1.0, 0.25], [0.5, 0.25]])


def bowl(theta: Any) -> float:
    return float(theta @ theta)


def checked(said: Any, points: Any = X, cost: Any = bowl) -> Any:
    said = np.array(said, float)
    run = read(
        np.zeros(len(points)), points=points, gradients=said, norms=np.linalg.norm(said, axis=-1)
    )
    return gradient_check.against_cost(run, cost, (points.shape[1],))


# --- by differences -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factor", "shown"), [(2.0, "2"), (0.5, "0.5"), (-3.0, "−3"), (1.2, "1.2")]
)
def test_a_factor_of_all_partial_derivatives_is_named_with_its_step(
    factor: float, shown: str
) -> None:
    found = checked(2 * factor * X)
    assert found.kind == ("wrong sign" if factor < 0 else "wrong scale")
    words = f"at step 0 the gradient is {shown} times the central differences of the cost"
    assert found.evidence == words
    if factor > 0:
        assert found.advice == (
            f"divide the gradient by {factor:g}; look for a lost or doubled factor"
        )


@pytest.mark.parametrize(
    ("factor", "kind"),
    [
        (1.09, "wrong gradient"),
        (1.11, "wrong scale"),
        (0.91, "wrong gradient"),
        (0.89, "wrong scale"),
    ],
)
def test_a_factor_within_a_tenth_of_1_is_another_slip(factor: float, kind: str) -> None:
    assert checked(2 * factor * X).kind == kind


@pytest.mark.parametrize(("off", "wrong"), [(0.0009, False), (0.0011, True)])
def test_a_gradient_may_err_by_a_thousandth_of_itself(off: float, wrong: bool) -> None:
    said = 2 * X * [1.0, 1.0]
    turned = said + off * np.stack([-said[:, 1], said[:, 0]], axis=-1)
    assert (checked(turned) is not None) == wrong
    assert checked(said) is None


def test_a_wrong_coordinate_is_named_with_both_numbers() -> None:
    said = 2 * X
    said[:, 1] *= 5
    found = checked(said)
    assert (found.kind, found.step) == ("wrong gradient", 0)
    assert found.evidence == (
        "at step 0, along coordinate 1, the gradient says 10 and central differences of the cost"
        " say 2"
    )
    assert "along coordinate 0, the gradient says 0 and" in checked(2 * X * [0.0, 1.0]).evidence


def test_points_are_asked_at_each_quarter_and_not_at_the_end() -> None:
    """Of five steps those are 0, 1, 2 and 3; half of them make a slip."""
    for wrong, at in (
        ([0, 1], 0),
        ([1, 2], 1),
        ([2, 3], 2),
        ([0, 3], 0),
        ([0], None),
        ([4, 5], None),
    ):
        said = 2 * X
        said[wrong] *= 2
        found = checked(said)
        assert (found is not None) == (at is not None)
        if found is not None:
            assert f"at step {at} " in found.evidence


def test_one_of_three_points_makes_no_slip() -> None:
    """Of three steps a quarter, a half and three quarters are 0, 1 and 2."""
    for wrong, seen in (([0], False), ([0, 1], True), ([1, 2], True), ([3], False)):
        said = 2 * X[:4]
        said[wrong] *= 2
        assert (checked(said, X[:4]) is not None) == seen


def test_a_run_that_stands_at_0_is_asked_there() -> None:
    points = np.zeros((6, 2))
    assert checked(np.full((6, 2), 3.0), points, lambda t: 3 * t.sum()) is None
    assert checked(np.full((6, 2), 6.0), points, lambda t: 3 * t.sum()).kind == "wrong scale"


def test_points_whose_slope_has_all_but_gone_are_not_asked() -> None:
    for share, asked in ((0.7e-3, True), (0.6e-3, False)):  # 1.5 times that is said
        points = np.array([[1.0, 0], [1.0, 0], [share, 0], [share, 0], [0, 0], [0, 0]])
        said = 2 * points
        said[2:4] *= 1.5
        assert (checked(said, points) is not None) == asked


def test_a_gradient_where_there_is_none_is_no_factor() -> None:
    found = checked(X, cost=lambda _: 3.0)
    assert found.kind == "wrong gradient"
    assert found.evidence.endswith("the gradient says 4 and central differences of the cost say 0")
    assert checked(0 * X, cost=lambda _: 3.0).kind == "cannot tell"
    assert checked(np.zeros((0, 2)), np.zeros((0, 2))) is None


def test_many_parameters_are_asked_in_nine_directions() -> None:
    assert gradient_check._directions(40, np.ones(40)).tolist() == np.eye(40).tolist()
    slope = np.arange(41.0)
    ways = gradient_check._directions(41, slope)
    assert ways.shape == (9, 41)
    np.testing.assert_allclose((ways**2).sum(-1), 1)
    np.testing.assert_allclose(ways[0], slope / np.linalg.norm(slope))
    np.testing.assert_array_equal(ways, gradient_check._directions(41, slope))
    assert np.linalg.matrix_rank(ways) == 9
    np.testing.assert_array_equal(gradient_check._directions(41, np.zeros(41))[0], np.zeros(41))
    points = np.linspace(1, 2, 6 * 41).reshape(6, 41)
    assert "along a direction," in checked(2 * points * (1 + (np.arange(41) == 3)), points).evidence
    assert checked(2 * points, points) is None


def test_a_cost_that_is_not_finite_or_too_coarse_hides_a_slip() -> None:
    found = checked(2 * X, cost=lambda _: math.nan)
    assert found.kind == "cannot tell"
    assert found.evidence == (
        "whether the gradients are right: near the point of step 0 the cost is not finite"
    )
    coarse = checked(2 * X, cost=lambda t: np.float32(1e8 + t @ t))
    assert coarse.kind == "cannot tell"
    assert coarse.evidence.startswith(
        "whether the gradients are right: at step 0 differences of the cost err by "
    )
    assert coarse.evidence.endswith("; a cost in double precision and without noise would tell")
    half = [math.nan if k in (0, 1) else 1.0 for k in range(4)]
    at = {float(x[0]): h for x, h in zip(X, half, strict=False)}

    def partly(theta: Any) -> float:
        return bowl(theta) * at[float(X[np.abs(X - theta).sum(-1).argmin(), 0])]

    assert checked(2 * X, cost=partly) is None  # two of four are hidden, the others are right
    assert checked(4 * X, cost=partly).kind == "wrong scale"


def differences(cost: Any, point: Any) -> tuple[Any, Any]:
    point = np.array(point, float)
    ways = np.eye(len(point))
    return gradient_check._differences(cost, point, ways, point.shape, float(np.abs(point).max()))


def test_differences_are_as_near_as_their_doubt_says() -> None:
    def cubic(theta: Any) -> float:
        return float((theta**3).sum())

    for cost in (cubic, lambda t: np.float32(cubic(t)), lambda t: (cubic(t), None)):
        slopes, doubt = differences(cost, [1 / 3, -0.7])
        true = 3 * np.array([1 / 3, -0.7]) ** 2
        assert (np.abs(slopes - true) <= doubt + 1e-14).all()
        assert (doubt < 0.02).all()
    fine, coarse = (differences(c, [1 / 3])[1] for c in (cubic, lambda t: np.float32(cubic(t))))
    assert fine[0] < 1e-8 < 1e-5 < coarse[0]


def test_a_cost_that_reads_theta_in_single_precision_is_known_no_better() -> None:
    """It returns a double of all its digits; its steps of θ are those of single precision."""

    def reads(theta: Any) -> float:
        x = theta.astype(np.float32).astype(float)
        return float((x**3).sum())

    slopes, doubt = differences(reads, [1 / 3, -0.7])
    true = 3 * np.array([1 / 3, -0.7]) ** 2
    assert (np.abs(slopes - true) <= doubt + 1e-4).all()
    assert (doubt > 1e-6).all()


# --- by losses ------------------------------------------------------------------------------------


def by_losses(factor: float, count: int = 8, **known: Any) -> Any:
    """Return what steps on θ² tell whose gradients are recorded as `factor` times the true ones."""
    x = 8 * 0.7 ** np.arange(count + 1.0)[:, None]
    given = {"points": x, "gradients": 2 * factor * x, "products": np.ones(count)}
    return gradient_check.against_losses(read(known.pop("losses", x[:, 0] ** 2), **(given | known)))


@pytest.mark.parametrize(
    ("factor", "shown"), [(2.0, "0.5"), (0.5, "2"), (-1.0, "−1"), (0.01, "100")]
)
def test_steps_tell_of_a_factor_of_their_gradients(factor: float, shown: str) -> None:
    found = by_losses(factor)
    assert found.kind == ("wrong sign" if factor < 0 else "wrong scale")
    assert found.evidence == (
        f"along its steps J changes as if the true gradient were {shown} times this one"
    )
    if factor > 0:
        assert found.advice.startswith(f"divide the gradient by {factor:g};")


@pytest.mark.parametrize(
    ("factor", "seen"),
    [(1.0, False), (1.09, False), (1.11, True), (0.91, False), (0.89, True),
     (0.99e6, True), (1.01e6, False), (1.01e-6, True), (0.99e-6, False)],
)  # fmt: skip
def test_a_factor_told_by_steps_is_neither_near_1_nor_huge(factor: float, seen: bool) -> None:
    assert (by_losses(factor) is not None) == seen


@pytest.mark.parametrize(("count", "seen"), [(4, False), (5, True)])
def test_five_steps_can_tell_of_a_slip(count: int, seen: bool) -> None:
    assert (by_losses(2, count) is not None) == seen
    some = np.where(np.arange(8) < count, 1.0, np.nan)
    assert (by_losses(2, products=some) is not None) == seen
    assert (by_losses(2, flips=np.isnan(some)) is not None) == seen
    x = 8 * 0.7 ** np.arange(9.0)
    still = np.where(np.arange(9) <= count, x**2, x[count] ** 2)
    assert (by_losses(2, losses=still) is not None) == seen
    again = np.r_[8 * 0.7 ** np.arange(count + 1.0), [8, 8 * 0.7] * 3]  # one step, again and again
    given = {"points": again[:, None], "gradients": 4 * again[:, None]}
    run = read(again**2, products=np.ones(len(again) - 1), flips=np.diff(again) > 0, **given)
    found = gradient_check.against_losses(run)
    assert found is None or count > 4


@pytest.mark.parametrize(("apart", "seen"), [(2e-7, False), (2e-5, True)])
def test_steps_of_a_cycle_repeat_each_other_to_six_digits(apart: float, seen: bool) -> None:
    """Down from 8 by 5 to 3, and back: two kinds of steps, again and again."""
    x = np.tile([8.0, 5.0, 3.0], 6)
    x *= 1 + apart * np.sin(np.arange(18.0))
    given = {"points": x[:, None], "gradients": 4 * x[:, None], "products": np.ones(17)}
    run = read(x**2, flips=np.diff(x) > 0, **given)
    assert (gradient_check.against_losses(run) is not None) == seen


@pytest.mark.parametrize(("share", "seen"), [(0.001, True), (0.01, False)])
def test_a_change_of_few_digits_is_not_believed(share: float, seen: bool) -> None:
    """Changes of a run from 10 down are told to a share of the largest loss."""
    x = 8 * 0.7 ** np.arange(9.0)
    assert (by_losses(2, losses=x**2 + 1e3, safe=share) is not None) == seen
    assert by_losses(2, losses=x**2 + 1e6) is not None
    assert by_losses(2, losses=x**2 + 1e8) is None


@pytest.mark.parametrize(("spread", "seen"), [(0.03, True), (0.07, False)])
def test_the_ratios_of_all_steps_agree_to_a_fiftieth(spread: float, seen: bool) -> None:
    x = 8 * 0.7 ** np.arange(41.0)[:, None]
    shaken = 4 * x * (1 + spread * np.linspace(-0.5, 0.5, 41))[:, None]
    assert (by_losses(2, 40, gradients=shaken) is not None) == seen


@pytest.mark.parametrize(("pace", "seen"), [(0.9, True), (0.998, False)])
def test_steps_that_hardly_differ_repeat_one_error(pace: float, seen: bool) -> None:
    x = 8 * pace ** np.arange(21.0)[:, None]
    given = {"points": x, "gradients": 4 * x, "products": np.ones(20)}
    assert (gradient_check.against_losses(read(x[:, 0] ** 2, **given)) is not None) == seen


# --- how finely a cost is known -------------------------------------------------------------------


@pytest.mark.parametrize("level", [1.0, 1e6])
@pytest.mark.parametrize(("digits", "eps"), [(np.float64, 2.0**-52), (np.float32, 2.0**-23)])
def test_a_smooth_cost_is_known_to_its_type(level: float, digits: Any, eps: float) -> None:
    known = digits(level + 0.1)
    rounding, width = resolution.resolution(lambda t: digits(level + 0.1 + t), known, 1.0)
    assert eps * level * 0.1 < rounding <= 2 * eps * (level + 1)
    assert width == pytest.approx(eps ** (1 / 3), rel=0.3)


def test_a_straight_cost_is_asked_on_two_stretches_alone() -> None:
    """Each takes nine evaluations: one tells the rounding, one that no shorter width is wanted."""
    asked: list[float] = []

    def line(t: float) -> float:
        asked.append(t)
        return 1.5 + t

    resolution._rounding(line, 1.5, 1.0)
    assert len(asked) == 9
    resolution.resolution(line, 1.5, 1.0)
    assert len(asked) == 9 + 18


def test_a_cost_that_loses_digits_on_the_way_betrays_them() -> None:
    """Rounding to nine decimals errs by 1e−9/√12."""
    rounding, width = resolution.resolution(lambda t: round(1 + math.sin(3 * t), 9), 1.0, 1.0)
    assert rounding == pytest.approx(1e-9 / 12**0.5, rel=0.6)
    assert width == pytest.approx(rounding ** (1 / 3), rel=0.2)


def test_noise_is_measured_by_its_deviation() -> None:
    rng = np.random.default_rng(0)
    found = [
        resolution._stretch(lambda _: 1 + 1e-4 * rng.standard_normal(), 1.0, 0.1)
        for _ in range(400)
    ]
    for name in ("fourth", "sixth"):
        squares = np.mean([getattr(each, name) ** 2 for each in found])
        assert squares**0.5 == pytest.approx(1e-4, rel=0.1)
    assert not any(each.curved for each in found)


@pytest.mark.parametrize(("points", "curved"), [(10, False), (20, True)])
def test_a_sine_is_curved_if_fifteen_points_lie_on_a_period(points: int, curved: bool) -> None:
    seen = resolution._stretch(lambda t: 3 + math.sin(t), 3.1, 2 * math.pi / points)
    assert seen.curved == curved
    assert seen.level == pytest.approx(4, rel=0.06)


def test_a_cost_of_nothing_has_a_rounding_of_nothing() -> None:
    rounding, width = resolution.resolution(lambda _: 0.0, 0.0, 1.0)
    assert rounding < 1e-300
    assert width == pytest.approx(2.0 ** (-52 / 3))


# --- words ----------------------------------------------------------------------------------------


def test_a_finding_is_told_in_three_sentences_or_fewer() -> None:
    spike = Finding("spike", "it leaps", 3, "look there")
    assert spike.sentences == (
        "it leaps.", "Try: look there.", "Read: chapter 3, “The learning rate”.",
    )  # fmt: skip
    assert str(spike) == "\n  ".join(["! spike: it leaps.", *spike.sentences[1:]])
    assert Finding("healthy", "it falls").sentences == ("it falls.",)
    assert str(Finding("cannot tell", "it is short")) == "? cannot tell: it is short."
    assert str(Finding("healthy", "it falls")) == "✓ healthy: it falls."
    assert Finding("bouncing", "x").advice == "halve the rate, or let it fall along the run"


def test_a_diagnosis_holds_its_findings_in_order_and_shows_them() -> None:
    spike, well = Finding("spike", "it leaps", 3, "look"), Finding("healthy", "it falls")
    both = Diagnosis([spike, well])  # type: ignore[arg-type]
    assert (both.findings, list(both), len(both)) == ((spike, well), [spike, well], 2)
    assert (both.kind, both.healthy) == ("spike", False)
    assert repr(both) == f"{spike}\n{well}"
    assert Diagnosis((well,)).healthy
    assert not Diagnosis((Finding("cannot tell", "x"),)).healthy
    items = (
        "<li><strong>! spike</strong>: it leaps. Try: look. Read: "
        '<span data-chapter="03-learning-rate" data-section="sec-lr-one">chapter 3, “The learning'
        " rate”</span>.</li><li><strong>✓ healthy</strong>: it falls.</li>"
    )
    assert f'0">{items}</ul></div>' in both._repr_html_()


def test_a_cost_with_a_gradient_beside_its_value_is_asked_for_the_value() -> None:
    cost = gd.landscapes.quadratic(condition=10)
    run = gd.descend(cost, gd.gradient_descent(0.1), steps=100)
    assert gd.diagnose(run, cost=lambda t: (cost.value(t), None)).healthy
