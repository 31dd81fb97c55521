"""BasinMap: Python's basins beside the browser's engine, and both beside what theory says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.descent.basins import ESCAPED, UNDECIDED
from tests.widgets import typescript

ENGINE = """
    import { BasinEngine } from "./src/widgets/basin-map/engine";
    import { basinJob } from "./src/widgets/basin-map/state";
    import { Race } from "./src/shared/race";
    const race = new Race({ get: (name: string) => data.state[name] } as never);
    const blocks: number[] = [];
    const port: any = { postMessage(pass: any) {
        blocks.push(pass.block);
        if (pass.block > 1) return void setTimeout(() => port.onmessage({ data: { goOn: 1 } }));
        console.log(JSON.stringify({
            blocks, labels: [...pass.labels], pace: [...pass.pace], minima: pass.minima }));
    } };
    new BasinEngine(port);
    const job = basinJob(race, 1, race.program.minima, data.columns, data.rows);
    port.onmessage({ data: job });"""


def _browser(basin_map: gd.BasinMap, columns: int, rows: int) -> Any:
    state = {"state": basin_map.page_state(), "columns": columns, "rows": rows}
    return typescript.run(ENGINE, state)


@pytest.mark.parametrize(
    ("name", "optimizer", "share"),
    [
        ("himmelblau", gd.gradient_descent(0.01), 1.0),
        ("himmelblau", gd.gradient_descent(0.022), 1.0),
        ("three_hump_camel", gd.momentum(0.02, decay=0.8), 1.0),
        ("six_hump_camel", gd.adam(0.1), 0.998),
    ],
)
def test_the_browser_colours_the_same_starts(
    name: str, optimizer: gd.Optimizer, share: float
) -> None:
    here = gd.BasinMap(gd.landscapes.catalogue[name](), optimizer, steps=80)
    ours, theirs = here.basins(40, 30), _browser(here, 40, 30)
    assert theirs["blocks"] == [16, 8, 4, 2, 1]
    labels = np.reshape(theirs["labels"], (30, 40))
    minima = np.array([critical.point for critical in ours.points])
    assert {tuple(np.round(m, 6)) for m in theirs["minima"]} == {
        tuple(np.round(m, 6)) for m in minima
    }
    nearest = [int(np.hypot(*(minima - m).T).argmin()) for m in theirs["minima"]]
    renamed = np.where(labels >= 0, np.array(nearest)[np.maximum(labels, 0)], labels)
    assert (renamed == ours.labels).mean() >= share


def test_a_run_is_timed_until_it_stays_near() -> None:
    here = gd.BasinMap(gd.landscapes.himmelblau(), gd.gradient_descent(0.01), steps=60)
    found = _browser(here, 8, 6)
    start = (-5 + 0.5 * 10 / 8, 5 - 0.5 * 10 / 6)  # the first cell's middle
    points = gd.descend(here.landscape, here.focused, start, 60).points
    minimum = np.array(found["minima"][found["labels"][0]])
    near = np.hypot(*(points - minimum).T) < 0.01 * np.hypot(10, 10)
    assert found["pace"][0] == int(np.flatnonzero(~near)[-1]) + 1


def test_gentle_descent_reaches_a_minimum_from_nearly_everywhere() -> None:
    found = gd.BasinMap(steps=300).basins()
    assert len(found.points) == 4
    assert found.shares.sum() > 0.99
    assert (found.shares > 0.2).all()


def test_where_there_is_no_minimum_no_start_has_one() -> None:
    saddle = gd.BasinMap(gd.landscapes.monkey_saddle(), gd.gradient_descent(0.05))
    found = saddle.basins()
    assert len(found.points) == 0
    assert set(np.unique(found.labels)) <= {UNDECIDED, ESCAPED}
    assert "diverge" in saddle.alt


def test_minima_that_nobody_named_are_found() -> None:
    # three-hump camel: the origin is its one global minimum; two hollows flank it, higher up
    found = gd.BasinMap(gd.landscapes.three_hump_camel(), gd.gradient_descent(0.02)).basins()
    flank = np.array([1.74755235, -0.87377617])
    assert len(found.points) == 3
    for expected in (np.zeros(2), flank, -flank):
        assert min(np.hypot(*(critical.point - expected)) for critical in found.points) < 1e-6


def test_the_map_follows_the_focus() -> None:
    both = gd.BasinMap(optimizers=[gd.gradient_descent(0.01), gd.momentum(0.01)], focus="momentum")
    assert both.focused.name == "momentum"
    assert set(both.trajectories) == {"gradient descent", "momentum"}


def test_bad_choices_are_refused_in_words() -> None:
    with pytest.raises((TypeError, ValueError), match="start must be 2 finite number"):
        gd.BasinMap(start=(0.0,))
    with pytest.raises((TypeError, ValueError), match="at least one method must run"):
        gd.BasinMap(optimizers=[])
    with pytest.raises(TypeError, match="BasinMap has no 'rate'"):
        gd.BasinMap(rate=0.1)


def test_the_text_beside_the_picture_names_the_shares_that_descent_by_hand_finds() -> None:
    basin_map = gd.BasinMap()
    assert repr(basin_map) == "BasinMap(Himmelblau)"
    # The middles of 96 columns and 72 rows over [-5, 5]², and Himmelblau's gradient by hand.
    x, y = np.meshgrid((np.arange(96) + 0.5) / 9.6 - 5, (np.arange(72) + 0.5) / 7.2 - 5)
    for _ in range(basin_map.steps):
        a, b = x**2 + y - 11, x + y**2 - 7
        x, y = (
            x - basin_map.learning_rate * (4 * x * a + 2 * b),
            y - basin_map.learning_rate * (2 * a + 4 * y * b),
        )
    for name, (at, bt) in {
        "(3, 2)": (3.0, 2.0),
        "(-2.81, 3.13)": (-2.805118, 3.131313),
        "(-3.78, -3.28)": (-3.779310, -3.283186),
        "(3.58, -1.85)": (3.584428, -1.848127),
    }.items():
        share = np.mean(np.hypot(x - at, y - bt) < 0.1)
        assert f"{share:.0%} of starts reach {name}" in basin_map.alt
