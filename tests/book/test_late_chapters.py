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
