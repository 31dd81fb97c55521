"""The families of labelled runs, drawn from seeds: how often each is named as it was made.

The tests and the book's confusion table draw from the same families. A label says what was done
to a run (its rate, its noise, its start, its gradient), never what it looks like afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np

from gdlib import diagnosis
from gdlib.diagnosis.findings import KINDS, Diagnosis
from gdlib.diagnosis.labelled import adaptive, lists, makers

Draw = Callable[[np.random.Generator], dict[str, Any]]

EACH = 5
"""Runs of each family in the published table."""
HELD_OUT = 1000
"""The seeds of that table start here. Thresholds were set on seeds from 100,000 to 500,000; the
tests draw new ones each time."""


@dataclass(frozen=True)
class Labelled:
    """One run: what is wrong with it, how it was made, and what `diagnose` is given of it."""

    label: str
    family: str
    given: str
    arguments: dict[str, Any]

    @property
    def diagnosis(self) -> Diagnosis:
        """What `diagnose` says of it."""
        return diagnosis.diagnose(**self.arguments)


STEPS, LISTS, LOSSES = "the trajectory", "losses and ‖g‖", "losses only"

FAMILIES: dict[str, tuple[tuple[str, str, Draw], ...]] = {
    "wrong sign": (
        ("cost given", STEPS, partial(makers.wrong, factor=-1.0, told=True, scale=0.2)),
        ("cost not given", STEPS, partial(makers.wrong, factor=-1.0, told=False, scale=0.2)),
    ),
    "wrong scale": (
        ("twice the gradient", STEPS, partial(makers.wrong, factor=2.0, told=True, scale=1.0)),
        (
            "a sum for a mean over 50 rows",
            STEPS,
            partial(makers.wrong, factor=50.0, told=True, scale=1.0),
        ),
        ("half, cost not given", STEPS, partial(makers.wrong, factor=0.5, told=False, scale=1.0)),
        ("twice the gradient, single precision", STEPS, partial(lists.in_single, factor=2.0)),
    ),
    "wrong gradient": (
        ("one coordinate wrong", STEPS, makers.wrong_coordinate),
        ("a term of Rosenbrock's forgotten", STEPS, makers.wrong_landscape),
        ("a penalty forgotten", STEPS, makers.forgotten_penalty),
    ),
    "diverged": (
        ("bowls, ηL of 4 to 8", STEPS, makers.diverged_bowl),
        ("landscapes, rates of 1 to 3", STEPS, makers.diverged_landscape),
        ("NaN or ∞ among losses", LOSSES, makers.diverged_losses),
    ),
    "rate above 2/L": (
        ("bowls, ηL of 2.1 to 3.5", STEPS, makers.too_large),
        ("bowls, ηL of 2.1 to 3.5", LISTS, makers.too_large_lists),
        ("momentum above 2 + 2β", STEPS, makers.too_large_momentum),
        ("a fall first", LOSSES, makers.too_large_late),
    ),
    "falls, then climbs": (
        ("held-out rows, overfitted", LOSSES, lists.overfitted),
        ("a power of the epoch", LOSSES, lists.bathtub),
    ),
    "spike": (
        ("one loss of a healthy run", LOSSES, lists.spike_smooth),
        ("losses of batches", LOSSES, lists.spike_batches),
        ("one bad gradient", STEPS, lists.spike_gradient),
    ),
    "bouncing": (
        ("bowls, ηL of 1.998 to 2", STEPS, makers.bounce_bowl),
        ("bowls, ηL of 1.998 to 2", LISTS, makers.bounce_lists),
        ("a double well's cycle", STEPS, makers.bounce_well),
        ("a double well's cycle", LOSSES, makers.bounce_losses),
        ("Rosenbrock above 2/L", STEPS, makers.bounce_rosenbrock),
        ("the corner of |x|", STEPS, makers.bounce_corner),
        ("bowls, momentum at 2 + 2β", STEPS, makers.bounce_momentum),
        ("bowls, Lion at a constant rate", STEPS, makers.bounce_signs),
        ("Styblinski–Tang above 2/L", STEPS, makers.bounce_tang),
        ("any landscape, RMSProp or Lion", STEPS, adaptive.bounce),
    ),
    "nothing learned": (
        ("a guess among K classes", LOSSES, lists.guesses),
        ("batches, the rate lost", LOSSES, lists.not_applied),
        ("batches, the rate lost", LISTS, lists.not_applied_norms),
        ("batches, labels shuffled", LOSSES, lists.shuffled),
    ),
    "noise floor": (
        ("least squares, one row a step", STEPS, makers.noise_single),
        ("least squares, ten rows a step", STEPS, makers.noise_batches),
        ("Adam, four rows a step", STEPS, makers.noise_adam),
        ("least squares, momentum, five rows", STEPS, makers.noise_momentum),
        ("logistic regression", STEPS, makers.noise_logistic),
        ("losses of the batches", LOSSES, makers.noise_losses),
        ("Himmelblau, noisy gradients", STEPS, makers.noise_himmelblau),
        ("least squares, adaptive rules", STEPS, adaptive.noise),
    ),
    "saddle passed": (
        ("the saddle", STEPS, makers.saddle),
        ("the saddle", LISTS, makers.saddle_lists),
        ("the saddle, momentum", STEPS, makers.saddle_momentum),
        ("the saddle, noisy gradients", LISTS, makers.saddle_noise),
        ("Himmelblau's saddles", STEPS, makers.saddle_himmelblau),
        ("the six-hump camel's origin", STEPS, makers.saddle_camel),
    ),
    "plateau": (
        ("a Gaussian well's rim", STEPS, makers.plateau),
        ("a Gaussian well's rim", LISTS, makers.plateau_lists),
        ("a rim, left in time", STEPS, makers.plateau_left),
        ("a saturated neuron", STEPS, makers.plateau_neuron),
        ("a Gaussian well's rim, Adam", STEPS, makers.plateau_adam),
        ("a rim, left in time", LOSSES, lists.left_rim),
        ("a late, sudden fall", LOSSES, lists.sudden),
    ),
    "crawling in a valley": (
        ("bowls, κ of 500 to 10,000", STEPS, makers.valley),
        ("bowls, κ of 500 to 10,000", LISTS, makers.valley_lists),
        ("bowls, momentum", STEPS, makers.valley_momentum),
        ("least squares in mixed units", STEPS, makers.valley_units),
        ("Rosenbrock", STEPS, makers.valley_rosenbrock),
        ("bowls, Adam", STEPS, makers.valley_adam),
        ("least squares in mixed units, batches", STEPS, makers.valley_batches),
        ("Beale, κ = 162", STEPS, makers.valley_beale),
    ),
    "rate too small": (
        ("bowls, ηL below 0.005", STEPS, makers.timid),
        ("bowls, ηL below 0.005", LISTS, makers.timid_lists),
        ("bowls, Adam at 0.0001", STEPS, makers.timid_adam),
        ("least squares", STEPS, makers.timid_table),
        ("Himmelblau", STEPS, makers.timid_himmelblau),
        ("any landscape, adaptive rules", STEPS, adaptive.timid),
    ),
    "slow fall": (
        ("valley, rim or timid rate", LOSSES, makers.slow_losses),
        ("a small power of the step", LOSSES, lists.crawl),
        ("a straight line under noise", LOSSES, lists.straight),
    ),
    "healthy": (
        ("bowls, κ below 10", STEPS, makers.healthy_bowl),
        ("bowls, κ below 10", LISTS, makers.healthy_lists),
        ("bowls, κ below 10", LOSSES, makers.healthy_losses),
        ("bowls at 2/(μ + L)", STEPS, makers.healthy_best_rate),
        ("bowls, momentum", STEPS, makers.healthy_momentum),
        ("bowls, Adam", STEPS, makers.healthy_adam),
        ("bowls, cosine schedule", STEPS, makers.healthy_schedule),
        ("bowls, backtracking", STEPS, makers.healthy_search),
        ("landscapes, cost given", STEPS, makers.healthy_landscape),
        ("batches on their way down", STEPS, makers.healthy_batches),
        ("bowls, Nesterov", STEPS, makers.healthy_nesterov),
        ("logistic regression, all rows", STEPS, makers.healthy_logistic),
        ("RMSProp, falling rate", STEPS, makers.healthy_rmsprop),
        ("any landscape, adaptive rules, falling rate", STEPS, adaptive.healthy),
        ("least squares, single precision", STEPS, lists.in_single),
        ("least squares, single precision", LISTS, lists.in_single_lists),
        ("least squares, single precision", LOSSES, lists.in_single_losses),
        ("a decay to a floor, four decimals", LOSSES, lists.settled),
    ),
    "cannot tell": (
        ("fewer than ten steps", STEPS, makers.few),
        ("rising from the start", LOSSES, makers.rising_losses),
    ),
}  # fmt: skip
"""For each label: what its runs are, what `diagnose` sees of them, and how one is drawn."""


def of_kind(label: str, seed: int, each: int) -> Iterator[Labelled]:
    """Yield `each` runs of every family of a kind, the same for a seed on every platform."""
    for number, (family, given, draw) in enumerate(FAMILIES[label]):
        for turn in range(each):
            rng = np.random.default_rng([seed + turn, list(KINDS).index(label), number])
            yield Labelled(label, family, given, draw(rng))


@cache
def judged() -> tuple[tuple[Labelled, str], ...]:
    """Return every run of the published table with the kind of the first finding."""
    runs = (run for label in FAMILIES for run in of_kind(label, HELD_OUT, EACH))
    return tuple((run, run.diagnosis.kind) for run in runs)


def without_noise(seed: int, count: int) -> Iterator[Diagnosis]:
    """Yield what is said of adaptive rules on any landscape, from anywhere, at any rate.

    What is wrong with each of these runs is not known. That there is no noise in them is.
    """
    for turn in range(count):
        yield diagnosis.diagnose(**adaptive.quiet(np.random.default_rng(seed + turn)))


def told_of_noise(found: Diagnosis) -> bool:
    """Tell whether a diagnosis sees noise, or advises what helps against it."""
    return any(
        finding.kind == "noise floor"
        or "larger batches" in finding.advice
        or "under noise" in finding.evidence
        for finding in found
    )
