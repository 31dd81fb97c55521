"""Runs whose trouble is known are named rightly, on seeds that no threshold has seen.

The seeds are drawn anew each time; a failure prints them, and `GDLIB_SEED=… pytest …` repeats it.
"""

from __future__ import annotations

import math
import os
import secrets
from collections import Counter

import numpy as np
import pytest

from gdlib.book import confusion
from gdlib.diagnosis import findings, symptoms
from gdlib.diagnosis.labelled import families

SEED = int(os.environ.get("GDLIB_SEED", "0")) or 1_000_000 + secrets.randbits(40)
RUNS = 160
"""Runs of each kind. One that is truly named in 90% passes once in a hundred times; in 98.5%, it
fails once in a thousand. (Those in `gdlib.diagnosis` are held at that or above.)"""
SIGNS = {
    "rising": "rate above 2/L",
    "turned": "falls, then climbs",
    "spiked": "spike",
    "bouncing": "bouncing",
    "never_fell": "nothing learned",
    "floor": "noise floor",
    "saddle_passed": "saddle passed",
    "on_plateau": "plateau",
    "slow": "crawling in a valley",
    "slow _by_losses": "slow fall",
}


def chance(count: int, most: int, share: float) -> float:
    """Return how probable more than `most` of `count` are, each with the given share."""
    return 1 - sum(
        math.comb(count, k) * share**k * (1 - share) ** (count - k) for k in range(most + 1)
    )


def test_the_number_of_runs_tells_ninety_from_ninety_eight_per_cent() -> None:
    missed = RUNS - math.ceil(confusion.RECALL * RUNS)
    assert chance(RUNS, missed, 0.10) > 0.98
    assert chance(RUNS, missed, 0.015) < 0.002


@pytest.mark.long
@pytest.mark.parametrize("kind", tuple(findings.KINDS))
def test_fresh_runs_of_each_kind_are_named_rightly_and_rarely_wrongly(kind: str) -> None:
    each = -(-RUNS // len(families.FAMILIES[kind]))
    runs = [(run, run.diagnosis.kind) for run in families.of_kind(kind, SEED, each)]
    others = Counter((run.family, run.given, said) for run, said in runs if said != kind)
    report = f"GDLIB_SEED={SEED}: of {len(runs)} runs, called instead {dict(others)}"
    assert sum(others.values()) <= (1 - confusion.RECALL) * len(runs), report
    alarms = sum(said not in (kind, "healthy", "cannot tell") for _, said in runs)
    # So many, and a share of at most 2% is out of the question: once in a thousand times.
    assert chance(len(runs), alarms - 1, confusion.ALARMS) > 1e-3, report


def test_rules_that_adapt_are_not_told_of_noise_where_there_is_none() -> None:
    """Of 680 such runs, 62 were once; a ripple is no noise."""
    told = sum(map(families.told_of_noise, families.without_noise(SEED, 300)))
    assert told <= confusion.ALARMS * 300, f"GDLIB_SEED={SEED}: {told}"


def test_of_all_published_runs_few_are_told_what_they_do_not_have() -> None:
    pairs = [(run.label, kind) for run, kind in families.judged()]
    alarms = [said for label, said in pairs if said not in (label, "healthy", "cannot tell")]
    assert len(pairs) >= 300
    assert len(alarms) <= confusion.ALARMS * len(pairs)
    assert sum(label == said for label, said in pairs) >= confusion.RECALL * len(pairs)


@pytest.mark.parametrize(("sign", "kind"), SIGNS.items())
def test_without_its_sign_a_kind_is_missed(
    monkeypatch: pytest.MonkeyPatch, sign: str, kind: str
) -> None:
    names = sign.split()
    left = tuple(each for each in symptoms.SIGNS if each.__name__ not in names)
    assert len(left) == len(symptoms.SIGNS) - len(names)
    monkeypatch.setattr(symptoms, "SIGNS", left)
    runs = [run for run, _ in families.judged() if run.label == kind]
    right = sum(run.diagnosis.kind == kind for run in runs)
    assert right < 0.8 * len(runs)


@pytest.mark.parametrize("kind", ["wrong sign", "wrong scale", "wrong gradient"])
def test_without_the_cost_and_the_losses_a_slip_goes_unseen(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr("gdlib.diagnosis.gradient_check.against_cost", lambda *_: None)
    monkeypatch.setattr("gdlib.diagnosis.gradient_check.against_losses", lambda *_: None)
    runs = [run for run, _ in families.judged() if run.label == kind]
    assert not any(run.diagnosis.kind == kind for run in runs)


def test_the_published_runs_are_the_same_each_time() -> None:
    first, again = (next(families.of_kind("bouncing", 7, 1)).arguments["run"] for _ in range(2))
    np.testing.assert_array_equal(first.points, again.points)
