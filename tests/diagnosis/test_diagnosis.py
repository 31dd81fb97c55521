"""A diagnosis names what was done to a run, says on what it rests, and knows when it cannot."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.diagnosis import evidence, findings

ROOT = Path(__file__).parents[2]
NAN, INF = math.nan, math.inf
KINDS = tuple(findings.KINDS)

BOWL = gd.landscapes.quadratic(condition=10)  # curvatures 1 and 10, so 2/L = 0.2
CALM = gd.descend(BOWL, gd.gradient_descent(0.1), steps=100)


# --- what is measured, against what is known ----------------------------------------------------


def curved(product: float, steps: int = 30) -> gd.Trajectory:
    """Descend on ½·4θ², so that every step has the curvature 4."""
    return gd.descend(lambda t: (2 * t @ t, 4 * t), gd.gradient_descent(product / 4), [1.0], steps)


@pytest.mark.parametrize("product", [0.01, 0.5, 1.9, 2.3])
def test_the_rate_and_the_curvature_are_read_from_the_steps(product: float) -> None:
    seen = evidence.of_trajectory(curved(product), None)
    assert seen.rate == pytest.approx(product / 4)
    assert seen.noise is False
    assert seen.products is not None
    np.testing.assert_allclose(seen.products[:10], product, rtol=1e-6)


@pytest.mark.parametrize("product", [0.01, 0.5, 1.9, 2.3])
def test_losses_and_norms_give_the_same_product_as_points(product: float) -> None:
    run = curved(product)
    norms = np.abs(run.gradients[:, 0])
    seen = evidence.of_lists(run.values, norms, product / 4)
    assert seen.products is not None
    np.testing.assert_allclose(seen.products[:10], product, rtol=1e-6)


def test_a_slow_runs_rate_is_found_from_losses_and_norms() -> None:
    run = curved(0.01, steps=100)
    seen = evidence.of_lists(run.values + 3, np.abs(run.gradients[:, 0]), None)
    assert seen.rate == pytest.approx(0.0025, rel=1e-6)


@pytest.mark.parametrize("build", [gd.momentum, gd.nesterov])
@pytest.mark.parametrize("decay", [0.3, 0.9])
def test_momentum_is_recognised_by_its_steps(build: Any, decay: float) -> None:
    run = gd.descend(gd.landscapes.himmelblau(), build(0.002, decay=decay), steps=60)
    seen = evidence.of_trajectory(run, None)
    assert seen.rate == pytest.approx(0.002)
    assert seen.decay == pytest.approx(decay)
    assert seen.noise is False


@pytest.mark.parametrize("rule", [gd.adam(0.1), gd.rmsprop(0.05), gd.adagrad(0.5)])
def test_other_rules_are_not_taken_for_momentum(rule: gd.Optimizer) -> None:
    run = gd.descend(gd.landscapes.himmelblau(), rule, steps=60)
    seen = evidence.of_trajectory(run, None)
    assert (seen.rate, seen.decay, seen.noise) == (None, None, False)


def test_noise_that_is_recorded_with_the_gradients_is_noise() -> None:
    rng = np.random.default_rng(3)

    def cost(theta: Any) -> Any:
        return theta @ theta / 2, theta + rng.standard_normal(2)

    run = gd.descend(cost, gd.gradient_descent(0.1), [5.0, 5.0], steps=300)
    assert evidence.of_trajectory(run, None).noise
    assert gd.diagnose(run).kind == "noise floor"


# --- single findings ----------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [NAN, INF, -INF])
@pytest.mark.parametrize("at", [0, 1, 7])
def test_a_loss_that_is_not_finite_is_a_finding(bad: float, at: int) -> None:
    losses = [2.0 - 0.1 * k for k in range(12)]
    losses[at] = bad
    (finding,) = gd.diagnose(losses)
    assert (finding.kind, finding.step) == ("diverged", at)


def test_a_norm_that_is_not_finite_is_a_finding() -> None:
    assert gd.diagnose([2.0, 1.0, 1.0], [1.0, NAN, 1.0]).findings[0].step == 1


def test_a_divergence_comes_with_its_cause() -> None:
    run = gd.descend(BOWL, gd.gradient_descent(0.5), steps=2000)
    found = gd.diagnose(run)
    assert [finding.kind for finding in found] == ["diverged", "rate above 2/L"]
    assert found.findings[0].step == run.steps + 1
    assert "is 5, above 2" in found.findings[1].evidence  # ηL = 0.5 · 10


def test_a_calm_end_in_nan_is_not_blamed_on_the_rate() -> None:
    assert "log of 0" in gd.diagnose([3.0, 2.0, 1.0, NAN]).findings[0].advice
    assert "halve the rate" in gd.diagnose([1.0, 9.0, 1e200, INF]).findings[0].advice


def test_momentum_is_held_to_its_own_bound() -> None:
    run = gd.descend(BOWL, gd.momentum(0.35, decay=0.5), steps=60)  # ηL = 3.5, the bound is 3
    found = gd.diagnose(run)
    assert found.kind == "rate above 2/L"
    assert "is 3.5, above 2 + 2β = 3" in found.findings[0].evidence


@pytest.mark.parametrize(
    ("factor", "kind", "words"),
    [(-1.0, "wrong sign", "−1 times"), (2.0, "wrong scale", "2 times"), (-3.0, "wrong sign", "−3")],
)
def test_a_wrong_factor_is_named(factor: float, kind: str, words: str) -> None:
    def slipped(theta: Any) -> Any:
        return BOWL.value(theta), factor * BOWL.gradient(theta)

    run = gd.descend(slipped, gd.gradient_descent(0.01), BOWL.start, steps=20)
    found = gd.diagnose(run, cost=BOWL).findings[0]
    assert (found.kind, words in found.evidence) == (kind, True)


@pytest.mark.parametrize("count", [3, 100])
def test_a_wrong_coordinate_is_seen_among_few_and_among_many(count: int) -> None:
    def slipped(theta: Any) -> Any:
        gradient = 2 * theta
        gradient[1] *= -1
        return theta @ theta, gradient

    run = gd.descend(slipped, gd.gradient_descent(0.05), np.linspace(1, 2, count), steps=20)
    found = gd.diagnose(run, cost=lambda theta: theta @ theta).findings[0]
    assert found.kind == "wrong gradient"
    assert ("coordinate 1" in found.evidence) == (count == 3)


@pytest.mark.parametrize("cost", [BOWL, BOWL.value, lambda t: (BOWL.value(t), BOWL.gradient(t))])
def test_a_right_gradient_passes_whatever_form_the_cost_has(cost: Any) -> None:
    assert gd.diagnose(CALM, cost=cost).healthy


def test_parameters_may_have_any_shape() -> None:
    run = gd.descend(lambda t: ((t**2).sum(), 2 * t), gd.gradient_descent(0.1), np.ones((2, 3)), 80)
    assert gd.diagnose(run, cost=lambda t: (t**2).sum()).healthy
    assert gd.diagnose(run, cost=lambda t: 2 * (t**2).sum()).kind == "wrong scale"


@pytest.mark.parametrize("given", [[1.0], [3.0, 2.0], [1.0] * 30, [0.0] * 30])
def test_what_shows_nothing_is_left_open(given: list[float]) -> None:
    assert gd.diagnose(given).kind == "cannot tell"


def test_a_saddle_reached_exactly_looks_like_a_minimum() -> None:
    """A limit that the book states: slopes alone cannot tell them apart."""
    run = gd.descend(gd.landscapes.saddle(), gd.gradient_descent(0.1), (1.5, 0.0), steps=300)
    found = gd.diagnose(run, cost=gd.landscapes.saddle())
    assert found.healthy
    assert "as far as slopes can tell" in str(found)


def test_a_run_without_a_path_is_too_short() -> None:
    run = gd.descend(BOWL, gd.gradient_descent(0.1), steps=100, keep="end")
    assert "too few steps" in str(gd.diagnose(run))


@pytest.mark.parametrize("scale", [1e-8, 1e8])
def test_units_of_the_cost_do_not_matter(scale: float) -> None:
    """A cost in other units, at a rate in the inverse units, is the same run."""
    for rate in (0.0001, 0.1, 0.21):
        kinds = set()
        for unit in (1.0, scale):

            def cost(theta: Any, unit: float = unit) -> Any:
                return unit * BOWL.value(theta), unit * BOWL.gradient(theta)

            run = gd.descend(cost, gd.gradient_descent(rate / unit), BOWL.start, steps=60)
            kinds.add(gd.diagnose(run).kind)
        assert len(kinds) == 1


@pytest.mark.parametrize("name", gd.landscapes.catalogue)
@pytest.mark.parametrize("rule", [gd.gradient_descent(1e-3), gd.adam(0.01), gd.lion(0.01)])
def test_every_landscape_gets_an_answer_and_its_gradient_is_right(
    name: str, rule: gd.Optimizer
) -> None:
    cost = gd.landscapes.catalogue[name]()
    found = gd.diagnose(gd.descend(cost, rule, steps=200), cost=cost)
    assert not found.kind.startswith("wrong")


# --- words --------------------------------------------------------------------------------------


def test_a_diagnosis_prints_evidence_advice_and_reading() -> None:
    found = gd.diagnose(gd.descend(BOWL, gd.gradient_descent(0.5), steps=2000))
    lines = repr(found).splitlines()
    assert len(found) == 2
    assert [line[:2] for line in lines] == ["! ", "  ", "  "] * 2
    assert lines[3].startswith("! rate above 2/L: J rises")
    assert lines[5] == "  Read: chapter 3, “The learning rate”."


def test_its_html_has_the_same_words_and_no_markup_of_a_readers() -> None:
    found = findings.Diagnosis((findings.Finding("healthy", "a < b & c"),))
    html = found._repr_html_()
    assert "a &lt; b &amp; c." in html
    assert re.sub(r"<[^>]*>", "", html) == "✓ healthy: a &lt; b &amp; c."


def test_a_finding_is_frozen_and_of_a_known_kind() -> None:
    finding = gd.diagnose(CALM).findings[0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        finding.kind = "plateau"  # type: ignore[misc]
    with pytest.raises(ValueError, match='the kind of a finding must be "wrong sign", '):
        gd.Finding("unwell", "it looks pale")


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_leads_to_a_section_that_exists(kind: str) -> None:
    known = findings.KINDS[kind]
    cells = json.loads((ROOT / "chapters" / f"{known.chapter}.ipynb").read_text("utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells]
    assert texts[0].splitlines()[0].lstrip("# ") == findings.CHAPTERS[known.chapter] or any(
        f"# {findings.CHAPTERS[known.chapter]}\n" in text for text in texts[:2]
    )
    assert any(f"({known.section})=" in text for text in texts)
