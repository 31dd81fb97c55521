"""Minima, saddles and basins of a survey; data that have no minimum, or many."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

import gdlib as gd
from gdlib.surveys.result import Item
from tests.surveys.material import surveyed

Array = NDArray[np.float64]

PARTED = "a straight border parts the classes"


def critical(found: gd.Survey) -> Item:
    return next(item for item in found if item.heading == "critical points")


def test_the_minimum_of_least_squares_is_polyfits() -> None:
    x, y = np.array([0.0, 1, 2, 3, 5]), np.array([1.0, 2.5, 5, 7.2, 10])
    slope, level = np.polyfit(x, y, 1)
    said = critical(gd.survey({"x": x, "y": y})).sentence
    assert f"one minimum, for J is convex: intercept = {level:.3g}, x = {slope:.3g}" in said


def test_many_lowest_points_are_told() -> None:
    one = gd.survey({"a": [1, 2, 3, 4], "b": [2, 4, 6, 8], "y": [1, 2, 3, 5]})
    assert "on a whole line of θ" in critical(one).sentence
    two = gd.survey({"a": [1, 2], "b": [2, 5], "c": [3, 3.5], "y": [1, 3]})
    assert "on a whole plane of θ" in critical(two).sentence


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_the_minimum_of_logistic_regression_has_no_slope(scale: float) -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=80)
    labels = (x + rng.normal(size=80) > 0).astype(float)
    found = gd.survey({"x": scale * x, "y": labels})
    assert critical(found).sentence.startswith("one minimum, for J is convex")
    # The best weights of x·scale are those of x over scale: J is the same.
    theta = np.zeros(2)
    plain = gd.LogisticRegression(np.column_stack([np.ones(80), x]), labels)
    for _ in range(5000):
        theta = theta - 2.0 * plain.gradient(theta)
    assert critical(found).numbers["value"] == pytest.approx(float(plain.value(theta)))
    assert f"intercept = {theta[0]:.3g}" in critical(found).sentence


def test_parted_classes_have_no_minimum() -> None:
    found = gd.survey({"x": [1, 2, 3, 4], "y": [0, 0, 1, 1]})
    assert PARTED in critical(found).sentence
    assert critical(found).numbers == {"minima": 0}
    mixed = gd.survey({"x": [1, 2, 3, 4], "y": [0, 1, 0, 1]})
    assert PARTED not in critical(mixed).sentence
    held = gd.LogisticRegression([[1, 1], [1, 2], [1, 3], [1, 4]], [0, 0, 1, 1], l2=0.01)
    assert critical(gd.survey(held)).sentence.startswith("one minimum")


def test_classes_parted_but_for_rows_on_the_border_have_no_minimum() -> None:
    found = gd.survey({"x": [1, 2, 3, 4, 4], "y": [0, 0, 0, 1, 0]})
    assert critical(found).sentence.startswith("no minimum was found")
    # One row of the other class beyond the border, and there is one.
    held = gd.survey({"x": [1, 2, 3, 4, 4, 2.9], "y": [0, 0, 0, 1, 0, 1]})
    assert critical(held).sentence.startswith("one minimum")


@pytest.mark.parametrize("seed", range(5))
def test_parted_classes_are_seen_in_many_dimensions(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(30, 4)) * (1, 10, 0.1, 1)
    scores = x @ rng.normal(size=4)
    x, scores = x[np.abs(scores) > 0.2], scores[np.abs(scores) > 0.2]
    columns = {f"f{i}": x[:, i] for i in range(4)}
    assert PARTED in critical(gd.survey({**columns, "y": (scores > 0) * 1.0})).sentence


def test_critical_points_are_counted_and_placed() -> None:
    said = critical(surveyed("himmelblau"))
    assert said.numbers == {"minima": 4, "saddles": 4, "maxima": 1, "degenerate": 0}
    assert "4 minima: (-3.78, -3.28) with J = 0" in said.sentence
    assert "1 maximum at (-0.271, -0.923) with J = 182" in said.sentence


def test_curvatures_are_those_of_the_minimum_that_the_run_reaches() -> None:
    assert "at the minimum (3.58, -1.85) the curvatures" in repr(surveyed("himmelblau"))
    # A run along y = 0 ends at the saddle (0, 0), which is no minimum.
    found = repr(gd.survey(gd.landscapes.saddle(), start=(1.5, 0)))
    assert "at the minimum (0, -1)" in found
    assert "at the minimum (0, 0)" not in found


class Counts(gd.problems.LinearModel):
    """A reader's own cost of data: eˢ − ys, for counts."""

    def row_costs(self, scores: Array, targets: Array) -> Array:
        return np.asarray(np.exp(scores) - targets * scores)

    def row_slopes(self, scores: Array, targets: Array) -> Array:
        return np.asarray(np.exp(scores) - targets)

    def row_curvatures(self, scores: Array) -> Array:
        return np.asarray(np.exp(scores))


def test_a_readers_own_problem_is_searched_and_tried() -> None:
    # With x = 1 and x = 2 and e^θ = u: u − 1 + 2 (u² − 3) = 0, so u = (√57 − 1)/4.
    found = gd.survey(Counts([[1], [2]], [1, 3]))
    theta = np.log((np.sqrt(57) - 1) / 4)
    said = critical(found).sentence
    assert said.startswith(f"Newton's method finds a minimum: θ0 = {theta:.3g}")
    assert found.learning_rate is not None
    assert found.widget is None
    two = gd.survey(Counts([[1, 0], [0, 1], [1, 1]], [1, 3, 2]))
    assert two.widget is None
    assert any(note.startswith("no figure") for note in two.notes)


def test_of_many_points_only_the_lowest_is_placed() -> None:
    assert "121 minima, the lowest at (0, 0) with J = 0" in critical(surveyed("rastrigin")).sentence


def test_what_cannot_be_listed_is_a_note() -> None:
    flat = gd.survey("(x + y)**2")
    assert "J is lowest not at one point but on a whole line" in flat.notes
    assert any("not isolated" in note for note in gd.survey("x**2*y**2").notes)
    corner = gd.survey("abs(x) + y**2")
    assert any("has corners" in note for note in corner.notes)
    assert corner.items[1].heading == "corners"
    assert "no critical point: the slope is 0 nowhere" in gd.survey("x**3 + x").notes
    assert "no critical point: the slope is 0 nowhere" in gd.survey("x**2 - y").notes


def test_of_three_variables_newtons_method_finds_the_minimum() -> None:
    # In the middle of x = y = z: 4t³ + t² = 0, so t = −1/4, with J = 3/256 − 1/64.
    found = gd.survey("x**4 + y**4 + z**4 + x*y*z")
    assert "x = -0.25, y = -0.25, z = -0.25" in critical(found).sentence
    assert critical(found).numbers["value"] == pytest.approx(3 / 256 - 1 / 64)
    assert found.widget is None


def test_what_newtons_method_finds_is_said_of_the_box_alone() -> None:
    # sin has minima without end; of a polynomial all are known, those outside the box, too.
    said = critical(gd.survey("sin(x)")).sentence
    assert said.startswith("found in [-3, 3]: 1 minimum at (-1.57) with J = -1")
    assert critical(gd.survey("x**4 - 200*x**2")).sentence.startswith("2 minima: (-10)")
    # The slope of y²/eˣ is 0 wherever y = 0.
    assert "no critical point was found in [-3, 3] × [-3, 3]" in gd.survey("exp(-x)*y**2").notes


@pytest.mark.parametrize("formula", ["x**2 + y**2 + z**2 + x*y", "cosh(x) + y**2 + z**2 + x*y"])
def test_a_minimum_at_0_is_found_too(formula: str) -> None:
    said = critical(gd.survey(formula)).sentence
    assert "x = 0, y = 0, z = 0" in said
    assert ("for J is convex" in said) is ("cosh" not in formula)


def basins(found: gd.Survey) -> Item:
    return next(item for item in found if item.heading == "basins")


def test_two_equal_wells_share_the_starts() -> None:
    found = gd.survey("x**4/4 - x**2/2 + y**2/2", start=(2.5, 2))
    assert basins(found).numbers == {"share_0": 0.5, "share_1": 0.5}
    said = basins(found).sentence
    assert said.startswith("of 3,072 starts in [-3, 3] × [-3, 3], with η = 0.1")
    assert said.endswith("50% reach (-1, 0), 50% reach (1, 0).")


def test_basins_are_mapped_with_a_rate_at_which_few_starts_diverge() -> None:
    # At (−1, −1), below one of the wells, a rate of 1 is well; from x = 2.5 it leads to −10.6.
    found = gd.survey("x**4/4 - x**2/2 + y**2/2")
    assert found.learning_rate == 0.3
    said = basins(found).sentence
    assert "with η = 0.1 (with 0.3, 6% diverge)" in said
    assert basins(found).numbers == {"share_0": 0.5, "share_1": 0.5}


def test_the_lowest_minimum_is_named_first() -> None:
    said = basins(surveyed("styblinski_tang")).sentence
    first, *_, last = said.split(" reach ")[1:]
    assert first.startswith("(-2.9, -2.9)")
    assert last.startswith("(2.75, 2.75)")


def test_shares_are_those_that_basins_finds() -> None:
    found = surveyed("three_hump_camel")
    assert found.learning_rate is not None
    cost = gd.landscapes.three_hump_camel()
    reached = gd.basins(cost, gd.gradient_descent(found.learning_rate), (48, 64), 1000)
    assert sorted(basins(found).numbers.values()) == pytest.approx(sorted(reached.shares))


def test_other_bounds_hold_other_minima() -> None:
    assert critical(gd.survey("sin(x)", bounds=[(0, 5)])).numbers["minima"] == 1
    assert critical(gd.survey("sin(x)", bounds=[(-7, 7)])).numbers["minima"] == 2
