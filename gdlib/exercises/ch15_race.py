"""Checks of chapter 15: what a fair comparison of methods costs."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from gdlib.exercises.challenges import Counted, challenge, final_cost
from gdlib.exercises.kinds import check_callable, choice, function, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.sandbox import NotYet, call

value(
    "race/bill",
    11 * 17 * 5 * 1000,
    rtol=0,
    mistakes=[
        Mistake("That is how many runs there are; each asks for many gradients.", like=935),
        Mistake("That is one seed's share.", like=187_000),
        Mistake("That is the bill of a single rule.", like=85_000),
        Mistake("That is what the tuned rules cost: the search that found them comes before.",
                like=55_000),
    ],
)  # fmt: skip

choice(
    "race/verdict",
    answer="b",
    why_not={
        "a": "Would it win with the others' best rates? This race cannot tell.",
        "c": "It says something, if little: name everything that was held fixed.",
        "d": "One start, one cost, one rate: what of a second cost, or a rate ten times as large?",
    },
    note="all that was held fixed belongs in the sentence",
)


def _best(costs: Any, rates: Any, middle: Any) -> Any:
    return rates[int(np.argmin(middle(costs)))]


def _nanmedian(costs: Any) -> Any:
    return np.array([np.median(row[~np.isnan(row)]) for row in costs])


def _lost(costs: Any) -> Any:
    return np.where(np.isfinite(costs), costs, np.inf)


_RATES = np.array([0.01, 0.03, 0.1, 0.3, 1.0])
_COSTS = [
    np.array([
        [5.0, 5.2, 5.1, 5.3, 5.0],
        [3.0, 2.9, 3.1, 8.0, 3.0],
        [2.0, 2.8, 2.1, 2.7, 25.0],
        [0.1, np.nan, 3.9, np.inf, 4.0],
        [0.4, np.nan, np.inf, np.nan, 0.02],
    ]),
    np.array([
        [4.0, 4.0, 4.0],
        [0.01, 1.4, 30.0],
        [0.2, 6.0, 7.0],
        [0.05, np.nan, np.nan],
        [0.03, np.inf, np.inf],
    ]),
    np.array([
        [5.0, 5.1, 5.2],
        [4.0, 4.1, 4.2],
        [3.0, 3.1, 3.2],
        [0.2, np.nan, 0.3],
        [0.6, np.nan, np.inf],
    ]),
]  # fmt: skip


@function(
    "race/best",
    # costs so large that no made-up number for a lost run is large enough
    inputs=[(costs, _RATES) for costs in [*_COSTS, _COSTS[0] * 1e15]],
    mistakes=[
        Mistake(
            "That is the rate with the *highest* median.",
            like=lambda costs, rates: _best(costs, rates, lambda c: -np.median(_lost(c), axis=1)),
        ),
        Mistake(
            "You rule a rate out for a single lost run: its median may still be the lowest.",
            like=lambda costs, rates: _best(
                costs, rates, lambda c: np.where(np.isfinite(c).all(1), np.median(c, 1), np.inf)
            ),
        ),
        Mistake(
            "You leave the diverged runs out, and what is left looks good: count them as lost.",
            like=lambda costs, rates: _best(
                costs, rates,
                lambda c: np.array([np.median(row[np.isfinite(row)], axis=0)
                                    if np.isfinite(row).any() else np.inf for row in c]),
            ),
        ),
        Mistake(
            "`nanmedian` leaves NaN out: turn NaN into infinity first, and take the median.",
            like=lambda costs, rates: _best(costs, rates, _nanmedian),
        ),
        Mistake(
            "A large number for a lost run is not bad enough where costs are larger: take ∞.",
            like=lambda costs, rates: _best(
                costs, rates,
                lambda c: np.median(np.nan_to_num(c, nan=1e9, posinf=1e9), axis=1),
            ),
        ),
        Mistake(
            "That is the rate of the luckiest single run.",
            like=lambda costs, rates: _best(costs, rates, lambda c: _lost(c).min(axis=1)),
        ),
        Mistake(
            "The mean: one bad run decides. The chapter's score is the median.",
            like=lambda costs, rates: _best(costs, rates, lambda c: _lost(c).mean(axis=1)),
        ),
        Mistake(
            "`argmin` takes NaN for the lowest of all: turn NaN into infinity first.",
            like=lambda costs, rates: _best(costs, rates, lambda c: np.median(c, axis=1)),
        ),
        Mistake(
            "That is the place of the best rate in the list; return the rate.",
            like=lambda costs, rates: int(np.argmin(np.median(_lost(costs), axis=1))),
        ),
    ],
)  # fmt: skip
def best_rate(costs: Any, rates: Any) -> Any:
    """Return the rate with the lowest median cost; runs that are not finite count as lost."""
    return _best(costs, rates, lambda c: np.median(_lost(c), axis=1))


value(
    "race/trials",
    114,
    rtol=0,
    mistakes=[
        Mistake("Just short of 90%: round up.", like=113),
        Mistake("That is the section's example, with 5% and 95%.", like=59),
        Mistake("A trial is whole: round, and the right way.", between=(113, 115)),
        Mistake("That is 1/v: so many trials hit it once *on average*, which is not 90%.", like=50),
        Mistake("Chances do not add up: two trials can both hit, or both miss.", like=45),
        Mistake("You have swapped the 90% and the 10%: that many trials *miss* with 90%.", like=6),
    ],
)

value(
    "race/private",
    9,
    rtol=0,
    mistakes=[
        Mistake("That was right for two constant features; now there are four.", like=5),
        Mistake("The negative score has to be minus the *positive one*, which has grown.", like=7),
        Mistake("Then a negative case scores 0: it has to score minus the positive one.", like=3),
        Mistake("The label's own feature counts −1 for a negative case.", like=11),
    ],
)


def _run(rule: Any, rate: Any, start: Any) -> Any:
    """Return the last cost of a made-up rule: the best rate and the height depend on both."""
    best = {"slow": 0.03, "middling": 0.1, "quick": 0.3}[rule]
    if rate > 9 * best:
        return np.inf
    return float(40 * np.sum(np.square(start)) * (1 + math.log10(rate / best) ** 2) * (0.3 + best))


def _everywhere(run: Any, rules: Any, rates: Any, starts: Any, choose: Any) -> Any:
    tried = [[run(rule, rate, s) for rate in rates] for rule, s in zip(rules, starts, strict=True)]
    return np.array([choose(costs) for costs in tried])


def _starts(rules: Any, seed: Any, *, common: bool) -> Any:
    rng = np.random.default_rng(seed)
    if common:
        return [rng.uniform(-1, 1, 2)] * len(rules)
    return [rng.uniform(-1, 1, 2) for _ in rules]


def _compared(
    run: Any, rules: Any, rates: Any, seed: Any, common: bool, tuned: bool, exact: bool
) -> Any:
    starts = _starts(rules, seed, common=common)
    best = _everywhere(run, rules, rates if tuned else [0.1], starts, min)
    return best if exact else np.where(np.isfinite(best), best, 0).astype(int)


def _slip(*, common: bool = True, tuned: bool = True, exact: bool = True) -> Any:
    return lambda run, rules, rates, seed: _compared(run, rules, rates, seed, common, tuned, exact)


_RULES = ["slow", "quick", "middling"]
_GRID = [0.01, 0.03, 0.1, 0.3, 1.0]
_ROUNDED = "The costs are cut to whole numbers: runs that differ look alike."
_APART = "Each rule still has a start of its own: draw one, before the loop."
_ONE_RATE = "Still one rate for all: it suits one rule and handicaps the others."


@function(
    "race/fair",
    inputs=[(_run, _RULES, _GRID, seed) for seed in (3, 4, 5)],
    mistakes=[
        Mistake("Nothing has changed yet: starts, rates and rounding are as they were.",
                like=_slip(common=False, tuned=False, exact=False)),
        Mistake("One start now, but still one rate for all, and the costs are cut.",
                like=_slip(tuned=False, exact=False)),
        Mistake("Each rule still has its own start, and the costs are cut.",
                like=_slip(common=False, exact=False)),
        Mistake("Each rule still has its own start, and all have one rate.",
                like=_slip(common=False, tuned=False)),
        Mistake(_ROUNDED, like=_slip(exact=False)),
        Mistake(_APART, like=_slip(common=False)),
        Mistake(_ONE_RATE, like=_slip(tuned=False)),
        Mistake("You return each rule's worst cost over the rates.",
                like=lambda run, rules, rates, seed: _everywhere(
                    run, rules, rates, _starts(rules, seed, common=True), max)),
        Mistake("A start must be drawn once: you draw anew for each rate.",
                like=lambda *given: _anew(*given)),  # noqa: PLW0108 (defined below)
    ],
)  # fmt: skip
def compare(run: Any, rules: Any, rates: Any, seed: Any) -> Any:
    """Return each rule's last cost with its best rate, all from one start."""
    return _compared(run, rules, rates, seed, True, True, True)


def _anew(run: Any, rules: Any, rates: Any, seed: Any) -> Any:
    rng = np.random.default_rng(seed)
    return np.array([min(run(r, eta, rng.uniform(-1, 1, 2)) for eta in rates) for r in rules])


SCALES, SIZE, BUDGET = (0.01, 1.0, 100.0), 10, 3000
FAR = Mistake("Your point is not low enough yet: a millionth of the first cost is wanted.")


def _bowl(scale: float, seed: int) -> tuple[Any, Any, Any]:
    """Return a turned bowl with curvatures from `scale` to 100 times that: H, minimum, start."""
    rng = np.random.default_rng(seed)
    axes = np.linalg.qr(rng.normal(size=(SIZE, SIZE)))[0]
    hessian = axes * (scale * np.geomspace(1, 100, SIZE)) @ axes.T
    away, minimum = rng.normal(size=(2, SIZE))
    return hessian, minimum, minimum + away


def _half_square(hessian: Any, minimum: Any) -> Any:
    return lambda theta: (theta - minimum) @ hessian @ (theta - minimum) / 2


def _slope(hessian: Any, minimum: Any) -> Any:
    return lambda theta: hessian @ (theta - minimum)


@challenge(
    "race/untuned",
    par=400,
    mistakes=[
        FAR,
        Mistake(f"Your run used up its budget of {BUDGET} gradient evaluations before it arrived."),
    ],
)
def untuned(answer: Any) -> float:
    """Count the gradients on three bowls of very different scale, the tuning's with the rest."""
    check_callable(answer, lambda cost, start: start, 2)
    spent = 0
    for scale, seed in zip(SCALES, itertools.count(21), strict=False):
        hessian, minimum, start = _bowl(scale, seed)
        bowl = hessian, minimum
        cost = Counted(_half_square(*bowl), _slope(*bowl), budget=BUDGET)
        first = final_cost(cost, start)
        end = call(answer, cost, start.copy())
        if not final_cost(cost, end) <= 1e-6 * first:
            raise NotYet(FAR.message)
        spent += cost.evaluations
    return spent
