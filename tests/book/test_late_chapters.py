"""What the captions and boxes of chapters 11 to 15 claim and no cell of theirs prints."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import gdlib as gd
from tests import claims


def rows(chapter: str, cell: str, title: str) -> dict[str, list[float]]:
    """Return the rows of a table that a cell prints under a title; NaN for a dash."""
    lines = claims.shown(claims.cells(chapter)[cell]).split(f"\n{title}")[-1].splitlines()
    found: dict[str, list[float]] = {}
    for line in lines[2:]:
        name, numbers = line[:16].strip(), line[16:].split()
        if not numbers:
            break
        found[name] = [np.nan if number == "–" else float(number) for number in numbers]
    return found


# --- 15, the race ---------------------------------------------------------------------------------


def test_the_explorer_starts_with_each_rules_best_rate_on_beale() -> None:
    land = gd.landscapes.beale()
    sides = np.ptp(np.array(land.bounds), axis=1)
    shifts = 0.05 * sides * np.random.default_rng(0).uniform(-1, 1, (5, 2))
    said: dict[Callable[[float], gd.Optimizer], float]
    said = {gd.momentum: 0.003162, gd.adam: 0.5623, gd.gradient_descent: 0.03162}
    for rule, rate in {**said, gd.adagrad: 0.3162}.items():
        spent = {}
        for power in range(-12, 5):
            counts = []
            for shift in shifts:
                run = gd.descend(land, rule(10 ** (power / 4)), land.start + shift, steps=700)
                above = np.flatnonzero(run.values > 1e-3)
                there = run.status != "diverged" and above[-1] < 630
                counts.append(above[-1] + 1 if there else np.inf)
            spent[10 ** (power / 4)] = np.median(counts)
        best = min(spent, key=lambda one: spent[one])
        assert np.isclose(best, rate, rtol=1e-3)


def test_the_explorer_has_all_rules_and_landscapes() -> None:
    assert len(gd.optimizers.catalogue) == 11
    assert sum(build().n == 2 for build in gd.landscapes.catalogue.values()) == 16
    words = claims.cells("15-race")["play"].source
    assert "All eleven rules and sixteen landscapes are in the lists" in words


def test_momentum_has_more_than_half_of_adams_rates() -> None:
    title = "decades of rates, at most 400 evaluations or 100 mini-batches"
    wide = rows("15-race", "width", title)
    assert len(wide) == 11
    momentum, adam = (np.array(wide[name][:5]) for name in ("momentum", "Adam"))
    assert (momentum > 0.5 * adam).all()
    assert momentum[4] == adam[4]
    for course in range(5):
        widest = np.nanmax([row[course] for row in wide.values()])
        assert widest in (wide["Adam"][course], wide["AMSGrad"][course])
    assert (np.array([row[6] for row in wide.values()]) == 1).sum() == 5


# --- 14, Adam -------------------------------------------------------------------------------------


def test_adams_first_step_goes_the_rate_far_in_each_coordinate() -> None:
    """Slopes 5000 and 0.001 with the rate 0.1, as the quiz has it."""
    rule = gd.adam(0.1)
    step, _ = rule.update(np.array([5000, 0.001]), rule.init([0.0, 0.0]), np.zeros(2))
    np.testing.assert_allclose(step, [-0.1, -0.1], rtol=1e-4)
    run = gd.descend(gd.landscapes.quadratic(condition=50), rule, (2, 0.7), steps=1)
    np.testing.assert_allclose(run.points[1], [1.9, 0.6], rtol=1e-6)


def test_without_momentum_adam_is_a_little_ahead_in_the_valley() -> None:
    theta = {"Adam": np.array([-1.2, 1.0]), "no momentum": np.array([-1.2, 1.0])}
    m, v = np.zeros(2), {name: np.zeros(2) for name in theta}
    for k in range(1, 251):
        for name, place in theta.items():
            x, y = place
            g = np.array([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)])
            v[name] = 0.999 * v[name] + 0.001 * g**2
            if name == "Adam":
                m = 0.9 * m + 0.1 * g
                g = m / (1 - 0.9**k)
            theta[name] = place - 0.03 * g / (np.sqrt(v[name] / (1 - 0.999**k)) + 1e-8)
    words = claims.cells("14-adam")["ablations-read"].source
    assert f"x = {theta['Adam'][0]:.2f}" in words
    assert f"to ${theta['no momentum'][0]:.2f}$" in words
    assert theta["no momentum"][0] > theta["Adam"][0]
