"""WorstCase: what is known of worst cases, the browser's numbers beside Python's, refusals."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.widgets import worst_case
from tests.widgets import typescript

READ = """
    import { WorstState } from "./src/widgets/worst-case/state";
    console.log(JSON.stringify(data.map((traits: any) => {
        const state = new WorstState({ get: (name: string) => traits[name] } as never);
        return { both: state.worstOf(state.steps), huber: state.walk("huber"),
                 bowl: state.walk("bowl"), height: state.heightOf("huber")(0.7), plan: state.plan };
    })));"""


def huber_by_hand(steps: Any, bend: float) -> list[float]:
    """Walk on the Huber function, case by case."""
    walk = [1.0]
    for step in steps:
        x = walk[-1]
        slope = x if abs(x) <= bend else bend if x > 0 else -bend
        walk.append(x - step * slope)
    return walk


@pytest.mark.parametrize("count", [1, 3, 7, 15])
def test_constant_steps_have_the_worst_case_that_was_proved(count: int) -> None:
    # Drori & Teboulle 2014, theorem 3.1: L‖x₀ − x*‖²/(4n + 2), and no step of 1/L does better.
    figure = gd.WorstCase(np.ones(count))
    assert figure.value == pytest.approx(1 / (4 * count + 2), rel=1e-9)
    assert figure.huber.parameter == pytest.approx(1 / (2 * count + 1), rel=1e-4)


def test_the_silver_steps_have_the_worst_case_that_a_solver_found() -> None:
    # PEPit's example: 0.184215 for L = 10, n = 7, over all convex functions of any dimension.
    silver = worst_case.presets(7)["silver"]
    assert 10 * gd.WorstCase(silver).value == pytest.approx(0.184215, abs=5e-7)


def test_chebyshevs_steps_are_best_on_bowls_and_bad_on_huber_functions() -> None:
    figure = gd.WorstCase(worst_case.presets(7)["Chebyshev"])
    assert figure.bowl.value == pytest.approx(1 / (2 * 15**2), rel=1e-9)
    for name in ("constant 1/L", "best constant", "silver"):
        other = gd.WorstCase(worst_case.presets(7)[name])
        assert other.bowl.value > figure.bowl.value
        assert other.huber.value < 0.04 < 1 < figure.huber.value


@pytest.mark.parametrize("count", [1, 2, 7, 15])
def test_no_constant_step_is_better_than_the_best(count: int) -> None:
    best = worst_case.presets(count)["best constant"]
    value = gd.WorstCase(best).value
    assert value == pytest.approx(1 / (4 * best.sum() + 2), rel=1e-8)
    for factor in (0.99, 1.01):
        assert gd.WorstCase(factor * best).value > value


def test_the_browser_finds_what_python_finds() -> None:
    rng = np.random.default_rng(0)
    plans: list[Any] = [
        *worst_case.presets(7).values(),
        [1.5],
        np.exp(rng.uniform(-1, 2, 15)),
        [128.0] * 15,
    ]
    figures = [gd.WorstCase(plan) for plan in plans]
    found = typescript.run(READ, [each.page_state() for each in figures])
    for mine, other in zip(figures, found, strict=True):
        for family in ("huber", "bowl"):
            ours, theirs = getattr(mine, family), other["both"][family]
            assert theirs["value"] == pytest.approx(ours.value, rel=1e-9)
        bend = other["both"]["huber"]["parameter"]
        np.testing.assert_allclose(other["huber"], huber_by_hand(mine.steps, bend), atol=1e-9)
        bowl = np.cumprod([1, *(1 - np.array(mine.steps) * other["both"]["bowl"]["parameter"])])
        np.testing.assert_allclose(other["bowl"], bowl, rtol=1e-6, atol=1e-9)
        assert other["height"] == pytest.approx(bend * 0.7 - bend**2 / 2 if bend < 0.7 else 0.245)
    assert [each.get("plan") for each in found[:4]] == list(worst_case.presets(7))


def test_a_kept_book_shows_the_plans_in_their_order_too() -> None:
    """What a build takes from its cache has the keys of every object sorted."""
    state = json.loads(json.dumps(gd.WorstCase().page_state(), sort_keys=True))
    shown = dict(state["_programs"]["presets"][6])
    assert list(shown) == ["constant 1/L", "best constant", "Chebyshev", "silver"]


def test_words_and_pictures_tell_the_first_numbers() -> None:
    figure = gd.WorstCase()
    assert repr(figure) == "WorstCase(7 steps, at least 0.0333)"
    assert "leaves 0.0333, the bowl 0.0127" in figure.alt
    assert figure.still().startswith(b"\x89PNG")


@pytest.mark.parametrize("steps", [[], [1.0] * 16, [0.2], [129.0], [[1.0]], [np.nan]])
def test_steps_that_make_no_figure_are_refused(steps: Any) -> None:
    with pytest.raises(ValueError, match=r"steps"):
        gd.WorstCase(steps)
