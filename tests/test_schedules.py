"""Schedules against the values that PyTorch and the papers give, and averaging against sums."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib import schedules
from gdlib.optimizers.symbols import k

X = sp.Symbol("x", positive=True)


def _valuation(step: int) -> int:
    """Count how often 2 divides a step's number, by its lowest bit."""
    return (step & -step).bit_length() - 1


def _between(first: float, last: float, part: float) -> float:
    return first + (last - first) * part


# The closed forms that PyTorch's documentation states, with t = k − 1 counted from 0.
CLOSED = [
    (schedules.constant(0.3), lambda _: 0.3),
    (schedules.step(0.4, factor=0.5, interval=7), lambda t: 0.4 * 0.5 ** (t // 7)),
    (schedules.exponential(0.4, factor=0.9), lambda t: 0.4 * 0.9**t),
    (schedules.polynomial(0.4, 20, 2), lambda t: 0.4 * (1 - min(t, 20) / 20) ** 2),
    (schedules.inverse_time(2.0), lambda t: 2.0 / (t + 1)),
    (schedules.inverse_time(2.0, 0.1, 0.5), lambda t: 2.0 / math.sqrt(1 + 0.1 * t)),
    (
        schedules.cosine(0.4, 20, 0.1),
        lambda t: 0.1 + 0.3 * (1 + math.cos(math.pi * min(t, 20) / 20)) / 2,
    ),
    (
        schedules.cosine(0.4, 10, restarts=True),
        lambda t: 0.4 * (1 + math.cos(math.pi * (t % 10) / 10)) / 2,
    ),
    (
        schedules.warmup(5, schedules.exponential(0.4, 0.9)),
        lambda t: 0.4 * (t + 1) / 5 if t < 5 else 0.4 * 0.9 ** (t - 5),
    ),
    (schedules.linear_decay(0.4, 20), lambda t: 0.4 * max(0, 1 - (t + 1) / 21)),
    (
        schedules.wsd(0.4, 20, 4, 6),
        lambda t: 0.4 * max(0, min((t + 1) / 4, 1, (20 - t) / 7)),
    ),
    (schedules.silver(5.0), lambda t: (1 + (1 + 2**0.5) ** (_valuation(t + 1) - 1)) / 5),
    # PyTorch's code: steps 0 … 5 rise and 5 … 19 fall, each along half a cosine, or a line.
    (
        schedules.one_cycle(0.5, 20),
        lambda t: (
            _between(0.02, 0.5, (1 - math.cos(math.pi * t / 5)) / 2)
            if t <= 5
            else _between(0.5, 2e-6, (1 - math.cos(math.pi * min(t - 5, 14) / 14)) / 2)
        ),
    ),
    (
        schedules.one_cycle(0.5, 20, 0.5, 10, 100, linear=True),
        lambda t: (
            _between(0.05, 0.5, t / 9) if t <= 9 else _between(0.5, 5e-4, min(t - 9, 10) / 10)
        ),
    ),
]


@pytest.mark.parametrize(("schedule", "closed"), CLOSED, ids=[s.name for s, _ in CLOSED])
def test_a_schedule_equals_its_closed_form(schedule: Any, closed: Any) -> None:
    rates = [schedule(k) for k in range(1, 60)]
    assert rates == pytest.approx([closed(t) for t in range(59)], rel=1e-12, abs=1e-15)


def test_schedules_equal_pytorchs_own() -> None:
    torch: Any = pytest.importorskip("torch")
    kinds, plain = torch.optim.lr_scheduler, {"cycle_momentum": False}
    pairs: list[tuple[schedules.Schedule, Any]] = [
        (schedules.step(0.4, 0.5, 7), lambda o: kinds.StepLR(o, 7, 0.5)),
        (schedules.exponential(0.4, 0.9), lambda o: kinds.ExponentialLR(o, 0.9)),
        (schedules.polynomial(0.4, 20, 2), lambda o: kinds.PolynomialLR(o, 20, 2)),
        (schedules.cosine(0.4, 20, 0.1), lambda o: kinds.CosineAnnealingLR(o, 20, 0.1)),
        (
            schedules.cosine(0.4, 10, restarts=True),
            lambda o: kinds.CosineAnnealingWarmRestarts(o, 10),
        ),
        (
            schedules.one_cycle(0.4, 20),
            lambda o: kinds.OneCycleLR(o, 0.4, 20, cycle_momentum=False),
        ),
        (
            schedules.one_cycle(0.4, 20, 0.45, 10.0, 50.0, linear=True),
            lambda o: kinds.OneCycleLR(
                o,
                0.4,
                total_steps=20,
                pct_start=0.45,
                anneal_strategy="linear",
                div_factor=10.0,
                final_div_factor=50.0,
                **plain,
            ),
        ),
    ]
    for ours, make in pairs:
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
        theirs, rates = make(optimizer), []
        for _ in range(20):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            if len(rates) < 20:  # beyond its cycle OneCycleLR raises
                theirs.step()
        assert [ours(k) for k in range(1, 21)] == pytest.approx(rates, rel=1e-9, abs=1e-12)


def test_after_its_end_pytorchs_cosine_rises_again_and_ours_does_not() -> None:
    torch: Any = pytest.importorskip("torch")
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
    theirs, rates = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 10), []
    for _ in range(21):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        theirs.step()
    ours = [schedules.cosine(0.4, 10)(k) for k in range(1, 22)]
    assert ours[:11] == pytest.approx(rates[:11], abs=1e-12)
    assert rates[20] == pytest.approx(0.4), "at the top again after as many steps more"
    assert ours[10:] == [0.0] * 11


def test_the_pytorch_lines_of_chapter_06_give_the_rates_of_gdlib() -> None:
    torch: Any = pytest.importorskip("torch")
    page = (Path(__file__).parent.parent / "chapters" / "06-schedules.ipynb").read_text("utf-8")
    cell = next(c for c in json.loads(page)["cells"] if c["id"] == "what-to-use")
    (lines,) = re.findall(r"```python\n(.*?)```", "".join(cell["source"]), re.DOTALL)
    rates: list[float] = []
    seen = lines.replace("...", "rates.append(optimizer.param_groups[0]['lr'])", 1)
    exec(seen, {"torch": torch, "model": torch.nn.Linear(2, 1), "rates": rates})
    ours = schedules.warmup(100, schedules.cosine(0.1, 1900))
    assert [ours(k) for k in range(1, 2001)] == pytest.approx(rates, rel=1e-9, abs=1e-12)


def test_a_rate_of_one_over_k_makes_descent_the_running_mean() -> None:
    # On ½(x − ξ_k)² with η = 1/k: θ_k = θ_{k−1} − (θ_{k−1} − ξ_k)/k, the mean of ξ₁ … ξ_k.
    samples = iter(drawn := np.random.default_rng(0).normal(size=51))
    run = gd.descend(
        lambda theta: (0.0, theta - next(samples)),
        gd.gradient_descent(1.0),
        0.0,
        steps=50,
        learning_rate=schedules.inverse_time(1.0),
    )
    np.testing.assert_allclose(run.points[1:], np.cumsum(drawn[:50]) / np.arange(1, 51), rtol=1e-12)


# Numbers printed in PyTorch's documentation, or worked out by hand from the formulas there.
PRINTED = [
    # LinearLR's example, start_factor=0.5, total_iters=4 from 0.05: the second half of our rise.
    (schedules.warmup(8, schedules.constant(0.05)), 4, [0.025, 0.03125, 0.0375, 0.04375, 0.05]),
    # LinearLR(1/4, total_iters=3), then ExponentialLR(0.9), by SequentialLR with milestone 4.
    (
        schedules.warmup(4, schedules.exponential(0.05, 0.9)),
        1,
        [0.0125, 0.025, 0.0375, 0.05, 0.05, 0.045, 0.0405],
    ),
    # LambdaLR with 1/(1 + t/2), and ASGD's lr/(1 + lambd·lr·t)^alpha with 0.1, 0.5 and 0.5.
    (schedules.inverse_time(0.1, 0.5), 1, [0.1, 0.1 / 1.5, 0.05, 0.04, 0.1 / 3]),
    (schedules.inverse_time(0.1, 0.05, 0.5), 1, [0.1, 0.09759000729, 0.09534625892]),
    # StepLR's example, 0.05, 30, 0.1, stepped once an epoch of two batches.
    (schedules.by_epoch(schedules.step(0.05, 0.1, 30), 2), 59, [0.05, 0.05, 0.005, 0.005]),
    (schedules.by_epoch(schedules.exponential(0.4, 0.5), 3), 1, [0.4] * 3 + [0.2] * 3 + [0.1]),
]


@pytest.mark.parametrize(("schedule", "first", "rates"), PRINTED)
def test_a_schedule_has_the_values_that_pytorch_documents(
    schedule: schedules.Schedule, first: int, rates: list[float]
) -> None:
    assert [schedule(first + i) for i in range(len(rates))] == pytest.approx(rates, rel=1e-9)


def test_a_schedule_by_epoch_changes_between_epochs_of_batches_only() -> None:
    line = gd.problems.noisy_line(rows=10)
    keywords: dict[str, Any] = {"batch_size": 4, "epochs": 3, "seed": 1}
    halved = schedules.by_epoch(schedules.exponential(0.2, 0.5), steps=3)  # 4 + 4 + 2 rows
    run = gd.descend_batches(line, gd.gradient_descent(1.0), learning_rate=halved, **keywords)
    listed = [0.2] * 3 + [0.1] * 3 + [0.05] * 3
    same = gd.descend_batches(line, gd.gradient_descent(1.0), learning_rate=listed, **keywords)
    np.testing.assert_array_equal(run.points, same.points)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: schedules.constant(0.0), "learning_rate must be positive and finite, not 0.0"),
        (lambda: schedules.step(0.1, interval=0), "interval must be at least 1, not 0"),
        (lambda: schedules.cosine(0.1, -5), "steps must be at least 1"),
        (
            lambda: schedules.one_cycle(0.1, 3),
            "steps must be more than 1/rise_share = 3.33333, not 3",
        ),
        (lambda: schedules.wsd(0.1, 5, 1, 6), "decay must be from 1 to 5, not 6"),
        (lambda: schedules.wsd(0.1, 5, 6, 1), "warmup must be from 1 to 5, not 6"),
        (lambda: schedules.cosine(0.1, 5, math.nan), "end must be at least 0 and finite, not nan"),
        (lambda: schedules.warmup(0, schedules.constant(0.1)), "steps must be at least 1"),
        (lambda: schedules.constant(0.1)(0), "step must be at least 1, not 0"),
        (
            lambda: schedules.warmup(2, schedules.warmup(3, schedules.constant(0.1))),
            "is warmed up already",
        ),
        (
            lambda: schedules.by_epoch(schedules.by_epoch(schedules.step(0.1), 2), 2),
            "counts epochs already",
        ),
        (
            lambda: schedules.Schedule("mine", sp.Float(0.9) ** k, {}),
            "mine schedule holds the float 0.9; write it exactly",
        ),
        (lambda: schedules.Schedule("mine", sp.Symbol("q"), {}), "unbound symbol 'q'"),
    ],
)
def test_mistakes_in_a_schedule_are_refused(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        make()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: schedules.warmup(5, 0.1), "then must be a Schedule such as"),  # type: ignore[arg-type]
        (lambda: schedules.by_epoch(0.1, 3), "schedule must be a Schedule such as"),  # type: ignore[arg-type]
        (lambda: schedules.constant("0.1"), "learning_rate must be a number"),  # type: ignore[arg-type]
        (lambda: schedules.step(0.1, factor=1j), "factor must be a number"),  # type: ignore[arg-type]
        (lambda: schedules.cosine(0.1, 20.0), "steps must be a whole number, not 20.0"),  # type: ignore[arg-type]
        (lambda: schedules.cosine(0.1, 20, restarts=1), "restarts must be True or False"),  # type: ignore[arg-type]
        (lambda: schedules.constant(0.1)(1.5), "step must be a whole number, not 1.5"),  # type: ignore[arg-type]
        (lambda: schedules.constant(0.1)(True), "step must be a whole number, not True"),
        (lambda: schedules.Schedule(3, k, {}), "name must be a string, not 3"),  # type: ignore[arg-type]
        (lambda: schedules.Schedule("mine", "1/k", {}), "must be a SymPy expression, not text"),
        (lambda: schedules.Schedule("mine", k, [0.1]), "constants must be a number by symbol"),  # type: ignore[arg-type]
        (lambda: schedules.Schedule("mine", k, {"k": 1}), "by SymPy symbol, not 'k'"),
        (lambda: schedules.Schedule("mine", k, {X: "1"}), "mine: x must be a number, not '1'"),  # type: ignore[dict-item]
        (lambda: schedules.Schedule("mine", k, {}, None), "source must be a string"),  # type: ignore[arg-type]
    ],
)
def test_another_kind_of_thing_is_refused(make: Any, message: str) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        make()


@pytest.mark.parametrize(
    ("schedule", "last"),
    [
        (schedules.exponential(1, 10), 309),  # 10^308 is the last power of ten below 1.8e308
        (schedules.warmup(2, schedules.exponential(1.0, 10.0)), 311),
        (schedules.by_epoch(schedules.exponential(1.0, 10.0), 2), 618),
        (schedules.Schedule("mine", 1 / (3 - k), {}), 2),
        (schedules.Schedule("mine", sp.log(3 - k), {}), 2),
        (schedules.Schedule("mine", (X - k) ** sp.Rational(1, 3), {X: 2}), 2),
    ],
)
def test_a_rate_that_is_not_finite_is_refused_by_its_step(schedule: Any, last: int) -> None:
    assert math.isfinite(schedule(last))
    for step in (last + 1, 10**6):
        if schedule.expr.has(1 / (3 - k)) and step > last + 1:
            continue  # only at step 3 is it infinite
        with pytest.raises(ValueError, match=rf"must have a finite rate .* step {step} has none"):
            schedule(step)


def test_numbers_of_any_width_and_numpy_steps_are_welcome() -> None:
    half: Any = np.float32(0.5)
    two: Any = np.int8(2)
    wide = schedules.step(half, factor=np.float64(0.5), interval=two)
    assert [wide(np.int16(step)) for step in (1, 2, 3, 5)] == [0.5, 0.5, 0.25, 0.125]  # type: ignore[arg-type]
    third = schedules.constant(sp.Rational(1, 4))
    assert third(1) == 0.25


def test_averages_and_rates_worked_out_by_hand() -> None:
    # Warm-up in 4 steps to 0.8, then η/√(1 + 3(k − 1)): 0.8, 0.8/2, 0.8/√7.
    rates = schedules.warmup(4, schedules.inverse_time(0.8, 3.0, 0.5))
    expected = [0.2, 0.4, 0.6, 0.8, 0.8, 0.4, 0.30237157840738177]
    assert [rates(step) for step in range(1, 8)] == pytest.approx(expected, rel=1e-14)
    # η/(1 + 2(k − 1)): 0.9 over 1, 3, 5.
    halved = schedules.inverse_time(0.9, 2.0)
    assert [halved(step) for step in (1, 2, 3)] == pytest.approx([0.9, 0.3, 0.18], rel=1e-14)


def test_a_schedule_is_typeset_and_printed_from_one_formula() -> None:
    schedule = schedules.warmup(5, schedules.cosine(0.4, 20))
    assert schedule.latex().startswith(r"\eta_k = \begin{cases}")
    assert "Math.cos" in schedule.javascript()
    assert repr(schedules.step(0.1)) == "Schedule(step: eta_0=0.1, gamma=0.1, s=30)"


def test_the_mean_of_the_iterates_and_their_exponential_average() -> None:
    path = np.random.default_rng(0).normal(size=(20, 3))
    means = [path[: i + 1].mean(axis=0) for i in range(20)]
    np.testing.assert_allclose(gd.averaged(path), means)
    weights = np.array([0.8**19, *(0.2 * 0.8 ** (19 - i) for i in range(1, 20))])
    np.testing.assert_allclose(gd.averaged(path, decay=0.8)[-1], weights @ path)
    # By hand: PyTorch's AveragedModel, a + (p − a)/(n + 1), and its get_ema_avg_fn(0.9).
    walk = np.array([1.0, 2.0, 4.0, 9.0])
    np.testing.assert_allclose(gd.averaged(walk), [1, 1.5, 7 / 3, 4], rtol=1e-14)
    np.testing.assert_allclose(gd.averaged(walk, decay=0.9), [1, 1.1, 1.39, 2.151], rtol=1e-14)
    with pytest.raises(ValueError, match=r"decay must be at least 0 and below 1, not 1\.0"):
        gd.averaged(path, decay=1.0)


def test_the_silver_steps_are_those_of_the_paper_however_many_there_are() -> None:
    # Altschuler & Parrilo 2024, §1: √2, 2, √2, 2 + √2, √2, 2, √2; next comes 1 + ρ².
    root = math.sqrt(2)
    first = [root, 2, root, 2 + root, root, 2, root, 1 + (1 + root) ** 2]
    silver = schedules.silver(1.0)
    assert [silver(step) for step in range(1, 9)] == pytest.approx(first, rel=1e-14)
    for step in (2**26, 2**26 + 2**25, 99_999_999, 10**8):
        assert silver(step) == pytest.approx(1 + (1 + root) ** (_valuation(step) - 1), rel=1e-13)
    # h_[2^m − 1] sums to ρ^m − 1 (by induction: 2(ρ^(m−1) − 1) + 1 + ρ^(m−2) = ρ^m − 1).
    assert sum(map(silver, range(1, 128))) == pytest.approx((1 + root) ** 7 - 1, rel=1e-12)
    assert silver.latex() == r"\eta_k = \frac{1 + \rho^{\nu(k) - 1}}{L}, \quad \rho = 1 + \sqrt{2}"


def test_a_schedule_with_no_stable_part_is_the_linear_one_and_polynomial_a_step_ahead() -> None:
    linear = schedules.linear_decay(0.4, 20)
    whole = schedules.wsd(0.4, 20, 1, 20)
    ahead = schedules.polynomial(0.4, 21)
    rates = [linear(k) for k in range(1, 22)]
    assert rates == pytest.approx([whole(k) for k in range(1, 22)], abs=1e-16)
    assert rates == pytest.approx([ahead(k + 1) for k in range(1, 22)], abs=1e-16)
    assert min(rates[:20]) > rates[20] == 0.0
