"""What the explorers say of runs that tempt them to lie, beside what Python finds when it runs on.

The words come from the front end's own modules; the truth comes from `gd.descend` with more steps.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np

import gdlib as gd
from gdlib import landscapes
from gdlib.widgets import printed
from tests.widgets import typescript

SCRIPT = """
import { regimeOf } from "./src/widgets/descent-line/regime";
import { Race } from "./src/shared/race";
import { rateMark } from "./src/shared/rate-bound";
import { endingWords, placeWords } from "./src/shared/words";
import { pointAt } from "./src/core/trajectory";

const said = data.map(({ landscape, rule, settings, start, steps, step }: any) => {
  const state: any = {
    landscape: landscape.name, focus: rule.name, optimizers: [{ name: rule.name, settings }],
    start, steps, step: null, _programs: { landscapes: [landscape], rules: [rule] },
  };
  const race = new Race({ get: (name: string) => state[name] } as any);
  const { run } = race.focusRun;
  const shown = pointAt(run, Math.min(step ?? steps, run.steps));
  const regime = landscape.variables.length === 1 ? regimeOf(race) : null;
  return {
    ending: endingWords(run, race.landscape),
    place: placeWords(race.landscape, shown),
    bound: rateMark(race)?.note ?? "",
    regime: regime ? `${regime.name}: ${regime.words}` : "",
  };
});
console.log(JSON.stringify(said));"""


class Said(NamedTuple):
    ending: str
    place: str
    bound: str
    regime: str


class Run(NamedTuple):
    cost: gd.Landscape
    rule: gd.Optimizer
    start: tuple[float, ...]
    steps: int
    step: int | None = None
    """The step that is looked at; None for the last."""


def ask(runs: list[Run]) -> list[Said]:
    """Return what the figures say of each run, all in one process."""
    cases = [
        {
            "landscape": printed.landscape(run.cost),
            "rule": printed.rule(run.rule),
            "settings": run.rule.settings,
            "start": run.start,
            "steps": run.steps,
            "step": run.step,
        }
        for run in runs
    ]
    return [Said(**words) for words in typescript.run(SCRIPT, cases)]


BANANA, QUARTIC, ACKLEY = landscapes.rosenbrock(), landscapes.double_well(), landscapes.ackley()
TEMPTING = {
    "Rosenbrock at 0.002": Run(BANANA, gd.gradient_descent(0.002), BANANA.start, 10_000),
    "quartic at 0.562": Run(QUARTIC, gd.gradient_descent(0.562), (2.0,), 40),
    "quartic at 10": Run(QUARTIC, gd.gradient_descent(10.0), (2.0,), 40),
    "Adam's first step": Run(
        landscapes.quadratic(condition=50), gd.adam(0.1), (2.0, 0.7), 80, step=0
    ),
    "Ackley at 0": Run(ACKLEY, gd.gradient_descent(0.01), (0.0, 0.0), 40),
    "monkey saddle at 0": Run(landscapes.monkey_saddle(), gd.gradient_descent(0.1), (0.0, 0.0), 40),
    # The second slope cancels what is left of the first: the ball stands, and turns.
    "momentum as it turns": Run(
        gd.Landscape.parse("theta**2/2", bounds=[(-2.4, 2.4)]), gd.momentum(1.5, 0.5), (1.0,), 2
    ),
    "hilltop of the quartic": Run(QUARTIC, gd.gradient_descent(0.1), (0.13,), 6),
}


@cache
def tempted() -> dict[str, Said]:
    return dict(zip(TEMPTING, ask(list(TEMPTING.values())), strict=True))


def test_a_run_that_will_leave_is_not_at_rest() -> None:
    said = tempted()["Rosenbrock at 0.002"]
    assert "rest" not in said.ending
    assert "above its bound: an error in the steepest direction grows" in said.ending
    on = gd.descend(BANANA, gd.gradient_descent(0.002), BANANA.start, 40_000)
    assert on.values[10_000] < 1e-7
    assert on.values[10_000:].max() > 1e-3


def test_a_slope_is_not_called_almost_0_because_the_run_was_flung_out_where_all_is_steep() -> None:
    wolfe, rule = landscapes.wolfe(), gd.gradient_descent(1.0)
    starts = [wolfe.start, (0.7, -0.1), (-1.4, 0.5), (1.8, 1.0)]
    for start, said in zip(starts, ask([Run(wolfe, rule, x, 300) for x in starts]), strict=True):
        run = gd.descend(wolfe, rule, start, steps=300)
        assert np.linalg.norm(wolfe.gradient(run.end)) > 10
        assert said.ending.startswith("still going after 300 steps"), said


def test_a_ball_that_stands_as_it_turns_is_not_at_rest() -> None:
    turns = TEMPTING["momentum as it turns"]
    on = gd.descend(turns.cost, turns.rule, turns.start, 3).points[:, 0]
    assert on[1] == on[2] != on[3]
    assert tempted()["momentum as it turns"].ending == "still going after 2 steps"


def test_a_regime_off_a_parabola_is_that_of_one_minimum() -> None:
    said = tempted()["quartic at 0.562"]
    assert said.regime.startswith("near the minimum (−1.473): it repels: each step multiplies a")
    assert "about −1.534" in said.regime
    assert "explodes" not in said.regime
    assert "above it this minimum repels" in said.bound
    on = gd.descend(QUARTIC, gd.gradient_descent(0.562), (2.0,), 20_000)
    assert on.status == "out of steps"  # what is said to explode on a parabola stays for ever
    assert on.points.min() > -1.74
    assert on.points[2:].max() < -0.9


def test_after_a_divergence_no_minimum_is_near() -> None:
    said = tempted()["quartic at 10"]
    run = gd.descend(QUARTIC, gd.gradient_descent(10.0), (2.0,), 40)
    assert run.status == "diverged"
    assert abs(run.end[0]) > 1e50
    assert said.ending == f"diverged at step {run.steps + 1}"
    assert said.place == "curves up"


def test_at_adams_first_step_no_minimum_is_near() -> None:
    assert tempted()["Adam's first step"].place == "curves up both ways"


def test_at_a_cusp_no_slope_is_named() -> None:
    said = tempted()["Ackley at 0"]
    assert said.ending == "stays at its start (0, 0), a minimum"
    assert said.place == "no curvature is defined here; a minimum is near, at (0, 0)"
    assert said.bound == ""


def test_where_the_curvature_tells_nothing_it_is_not_asked() -> None:
    said = tempted()["monkey saddle at 0"]
    assert "does not tell of what kind" in said.ending
    assert said.place == "no curvature at all"


def test_a_curves_hilltop_is_no_saddle() -> None:
    said = tempted()["hilltop of the quartic"]
    assert "saddle" not in said.ending + said.place
    assert said.place == "curves down; a hilltop is near, at (0.126)"


LINEAR = (gd.gradient_descent, gd.momentum, gd.nesterov)
RATES = (3e-4, 2e-3, 1e-2, 0.1, 0.5)
MANY = [
    Run(cost, build(rate), cost.start, 1500)
    for cost in (build() for build in landscapes.catalogue.values())
    for build in LINEAR
    for rate in RATES
]


@cache
def many() -> list[Said]:
    return ask(MANY)


def test_who_is_said_to_be_at_rest_is_still_there_ten_times_as_long_after() -> None:
    resting = [run for run, said in zip(MANY, many(), strict=True) if "at rest at" in said.ending]
    assert len(resting) > 60
    for run in resting:
        on = gd.descend(run.cost, run.rule, run.start, 10 * run.steps)
        size = np.ptp(np.array(run.cost.bounds), axis=1).max()
        assert np.abs(on.points[run.steps :] - on.points[run.steps]).max() < 1e-4 * size


def test_a_run_is_low_since_the_step_that_is_named_and_not_before() -> None:
    named = 0
    for run, said in zip(MANY, many(), strict=True):
        _, found, step = said.ending.partition(" < 10⁻⁶ since step ")
        if not found:
            continue
        named += 1
        path = gd.descend(run.cost, run.rule, run.start, run.steps)
        lowest = min(float(run.cost.value(point)) for point in run.cost.minima)
        assert (path.values[int(step) :] - lowest < 1e-6).all()
        assert int(step) == 0 or path.values[int(step) - 1] - lowest >= 1e-6
    assert named > 30


def test_a_level_place_is_near_where_sympy_finds_one_and_of_its_kind() -> None:
    himmelblau = landscapes.himmelblau()
    places = himmelblau.critical_points()
    assert {place.kind for place in places} == {"minimum", "maximum", "saddle"}
    starts = [(x + 0.03, y - 0.02) for x, y in (place.point for place in places)]
    far = [(x + 0.3, y - 0.2) for x, y in (place.point for place in places)]
    runs = [Run(himmelblau, gd.gradient_descent(1e-4), start, 1, step=0) for start in starts + far]
    said = ask(runs)
    for place, words in zip(places, said, strict=False):
        kind = "hilltop" if place.kind == "maximum" else place.kind
        _, _, found = words.place.partition(f"; a {kind} is near, at ")
        point = [float(x.replace("−", "-")) for x in found.strip("()").split(", ")]
        np.testing.assert_allclose(point, place.point, rtol=1e-3)
    assert not any("near" in words.place for words in said[len(places) :])


def test_of_a_curve_without_known_minima_the_lowest_valley_is_found() -> None:
    parabola = gd.Landscape.parse("theta**2/2", bounds=[(-2.4, 2.4)], start=[1.0])
    mountain = gd.Landscape.parse("theta**4/4 - theta**2 + theta/4", bounds=[(-2.2, 2.2)])
    far, shallow = ask(
        [
            Run(parabola, gd.gradient_descent(0.9), (1.0,), 100),
            Run(mountain, gd.gradient_descent(0.1), (2.0,), 40),
        ]
    )
    assert far.ending.endswith("; J < 10⁻⁶ since step 3")
    assert shallow.ending == "converged: at rest at (1.347), which is not the lowest minimum"


def test_the_words_are_those_of_the_last_step_unless_another_is_shown() -> None:
    bowl: Any = landscapes.quadratic()
    first, last = ask(
        [
            Run(bowl, gd.gradient_descent(0.1), (2.0, 1.0), 200, step=0),
            Run(bowl, gd.gradient_descent(0.1), (2.0, 1.0), 200),
        ]
    )
    assert first.place == "curves up both ways"
    assert last.place == "curves up both ways; a minimum is near, at (0, 0)"
    assert first.ending == last.ending
    assert "above it the error along the steepest direction grows" in first.bound
