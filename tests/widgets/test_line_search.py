"""LineSearch: the browser's searches are Python's, its traits are choices, its repr is stable."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gdlib as gd
from tests.widgets import typescript

LANDSCAPES = {
    name: cost
    for name, build in gd.landscapes.catalogue.items()
    if (cost := build()).n == 2 and cost.expr.is_polynomial(*cost.variables)
}
SETTINGS = [(1.0, 0.5, 0.3), (1.0, 0.5, 1e-4), (3.0, 0.37, 0.8), (1e-3, 0.9, 0.1)]
STEPS = 12

SCRIPT = """
    import { compileLandscape } from "./src/core/program";
    import { searches } from "./src/widgets/line-search/search";
    console.log(JSON.stringify(data.cases.map((c: any) => {
      const program = data.programs.landscapes.find((l: any) => l.name === c.landscape);
      const settings = { rate: c.rate, shrink: c.shrink, slope: c.slope };
      const cost = compileLandscape(program);
      const found = searches(data.programs, cost, c.start, data.steps, settings);
      return found.map(({ point, looks }) => ({
        point, rates: looks.map((l) => l.rate), verdict: looks.at(-1)?.verdict ?? null,
      }));
    })));"""


def _cases() -> list[dict[str, Any]]:
    rng = np.random.default_rng(3)
    return [
        {
            "landscape": cost.name,
            "start": [float(rng.uniform(*pair)) for pair in cost.bounds],
            "rate": rate,
            "shrink": shrink,
            "slope": slope,
        }
        for cost in LANDSCAPES.values()
        for rate, shrink, slope in SETTINGS
        for _ in range(10)
    ]


def _rates_by_hand(cost: gd.Landscape, point: Any, case: dict[str, Any]) -> list[float]:
    """Return the rates up to the one that Armijo's condition takes, as the chapter states it."""
    value, g = float(cost.value(point)), cost.gradient(point)
    rates = [case["rate"]]
    while cost.value(point - rates[-1] * g) > value - case["slope"] * rates[-1] * float(g @ g):
        rates.append(rates[-1] * case["shrink"])
    return rates


def test_the_browser_takes_pythons_rates_on_many_starts() -> None:
    cases = _cases()
    widget = gd.LineSearch(landscapes=list(LANDSCAPES.values()))
    programs = widget.page_state()["_programs"]
    answers = typescript.run(SCRIPT, {"programs": programs, "cases": cases, "steps": STEPS})
    by_name = {cost.name: cost for cost in LANDSCAPES.values()}
    for case, searches in zip(cases, answers, strict=True):
        cost = by_name[case["landscape"]]
        names = {"learning_rate": case["rate"], "shrink": case["shrink"], "slope": case["slope"]}
        path = gd.backtracking(cost, case["start"], STEPS, **names)
        points = np.array([search["point"] for search in searches], float)
        np.testing.assert_allclose(points, path.points[: len(points)], rtol=1e-9, atol=1e-12)
        assert sum(len(s["rates"]) for s in searches) == path.value_evaluations, case
        first = _rates_by_hand(cost, np.array(case["start"]), case)
        assert searches[0]["rates"] == first, case
        refused = [search for search in searches if search["verdict"] != "taken"]
        assert len(refused) == (path.status == "stalled"), case


def test_a_line_search_shows_what_backtracking_does() -> None:
    figure = gd.LineSearch(gd.landscapes.rosenbrock(), steps=7, learning_rate=0.5, slope=0.1)
    run = gd.backtracking(gd.landscapes.rosenbrock(), steps=7, learning_rate=0.5, slope=0.1)
    np.testing.assert_array_equal(figure.trajectory.points, run.points)
    assert f"{run.value_evaluations} looks at J" in figure.alt
    assert repr(figure) == "LineSearch(Rosenbrock)"


@pytest.mark.parametrize(
    ("name", "bad"),
    [("shrink", 1.0), ("slope", 0.0), ("learning_rate", -1.0), ("steps", 0), ("look", -1)],
)
def test_a_line_search_refuses_what_makes_no_search(name: str, bad: float) -> None:
    with pytest.raises(ValueError, match=name):
        gd.LineSearch(None, **{name: bad})


def test_a_new_landscape_brings_its_own_start() -> None:
    figure = gd.LineSearch()
    figure.landscape = gd.landscapes.himmelblau()
    assert figure.start == gd.landscapes.himmelblau().start
