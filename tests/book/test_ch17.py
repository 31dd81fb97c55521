"""What chapter 17 says beside its figures and no cell of it prints, computed another way."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.autodiff.rules import RULES
from tests import claims
from tests.test_try_this import says

CHAPTER = "17-network"
X = np.linspace(-1, 1, 20)
T4 = np.cos(4 * np.arccos(X))
Array = Any


def slopes(weights: Array) -> tuple[Array, Array]:
    """Return the output of 1-20-1 tanh networks at X, and its derivatives by all 61 parameters.

    One network a row; the derivatives are of shape (networks, points, 61).
    """
    w1, b1, w2, b2 = (part[:, None] for part in np.split(weights, [20, 40, 60], axis=1))
    h = np.tanh(X[:, None] * w1 + b1)
    bent = w2 * (1 - h**2)
    ones = np.ones((*h.shape[:2], 1))
    return (h * w2).sum(2) + b2[..., 0], np.concatenate([X[:, None] * bent, bent, h, ones], axis=2)


def one(weights: Array) -> tuple[Array, Array]:
    said, by = slopes(weights)
    off = said - T4
    return (off**2).mean(1) / 2, np.einsum("sp,spn->sn", off, by) / 20


def sharpness(weights: Array) -> Array:
    """Return the largest eigenvalue of each Hessian, from differences of the gradient."""
    found = []
    for row in weights:
        nudge = 1e-5 * np.eye(61)
        hessian = (one(row + nudge)[1] - one(row - nudge)[1]) / 2e-5
        found.append(np.linalg.eigvalsh((hessian + hessian.T) / 2)[-1])
    return np.array(found)


def start(seed: int) -> Array:
    """Draw weights of variance 2/(1 + 20), inputs' first; biases are 0."""
    rng = np.random.default_rng(seed)
    first, second = (rng.normal(scale=np.sqrt(2 / 21), size=20) for _ in range(2))
    return np.concatenate([first, np.zeros(20), second, [0.0]])


def descend(weights: Array, rates: Array, steps: int) -> tuple[Array, Array]:
    """Return where descent ends, and the costs before each step."""
    costs = []
    for _ in range(steps):
        cost, gradient = one(weights)
        costs.append(cost)
        weights = weights - rates * gradient
    return weights, np.array(costs)


def test_the_living_figure_trains_the_network_of_the_chapter() -> None:
    figure = gd.EdgeOfStability()
    assert figure.learning_rate == 0.2
    np.testing.assert_array_equal(figure.start, start(0))
    cost, gradient = figure.network(start(0))
    assert cost == pytest.approx(one(start(0)[None])[0][0])
    np.testing.assert_allclose(gradient, one(start(0)[None])[1][0], atol=1e-14)


@cache
def long_run() -> tuple[Array, Array]:
    weights = np.array([start(0)] * 3)
    return descend(weights, np.array([[0.2], [0.4], [0.1]]), 20_000)


def test_17_the_sharpness_climbs_to_its_line() -> None:
    ends, costs = long_run()
    first = sharpness(start(0)[None])[0]
    assert first == pytest.approx(1.9, abs=0.05)
    assert "is 1.9 at the start" in claims.cells(CHAPTER)["predict"].source
    assert sharpness(ends) == pytest.approx([10, 5, 14.1], abs=0.1)
    rises = (np.diff(costs, axis=0) > 0).sum(0)
    assert rises[0] == pytest.approx(760, abs=30)
    assert rises[1] > 1000
    assert rises[2] == 0
    assert int((np.diff(costs[:, 0]) > 0).argmax()) + 1 == pytest.approx(3770, abs=20)
    assert costs[-1, 0] == pytest.approx(1.5e-4, rel=0.03)
    says(CHAPTER, "try", 1, "step 3500", "step 3770", "about 760", r"$1.5\cdot10^{-4}$")
    says(CHAPTER, "try", 2, "settles at 5", "14.1, below 20", "has not risen once")


def test_17_another_rate_on_the_way() -> None:
    there, _ = descend(start(0)[None], np.array([[0.2]]), 6000)
    there, quiet = descend(there, np.array([[0.1]]), 8000)
    assert sharpness(there)[0] == pytest.approx(11.5, abs=0.05)
    assert quiet[-1, 0] == pytest.approx(1.3e-3, rel=0.05)
    there, leap = descend(there, np.array([[0.2]]), 6000)
    assert leap.max() > 1
    assert leap[-1, 0] < 1e-3
    assert sharpness(there)[0] < 10
    says(CHAPTER, "try", 3, "at step 6000", "at step 14 000", "at 11.5", "more than 1")


def test_17_ten_starts() -> None:
    weights, met = np.array([start(seed) for seed in range(10)]), np.zeros(10)
    for k in range(0, 4000, 100):
        met = np.where((met == 0) & (sharpness(weights) > 10), k, met)
        weights, _ = descend(weights, np.full((10, 1), 0.2), 100)
    assert (met.min(), met.max(), met[0]) == (2200, 3600, 3500)  # met in the 100 steps before
    says(CHAPTER, "try", 4, "starts 0 to 9", "between step 2100 and step 3600")


def test_59_of_100_starts_part_the_corners() -> None:
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
    labels = np.array([0.0, 1, 1, 0])
    figure = gd.DecisionBoundary()
    np.testing.assert_array_equal(figure.network.features, corners)
    parts = np.array([figure.network.start(seed) for seed in range(100)])
    w1, b1 = parts[:, :4].reshape(-1, 2, 2), parts[:, None, 4:6]
    w2, b2 = parts[:, None, 6:8], parts[:, 8:]
    for _ in range(1000):
        h = np.tanh(corners @ w1 + b1)
        back = (1 / (1 + np.exp(-((h * w2).sum(2) + b2))) - labels) / 4
        bent = back[..., None] * w2 * (1 - h**2)
        w1, b1 = w1 - 0.5 * corners.T @ bent, b1 - 0.5 * bent.sum(1, keepdims=True)
        w2 = w2 - 0.5 * (back[..., None] * h).sum(1, keepdims=True)
        b2 = b2 - 0.5 * back.sum(1, keepdims=True)
    scores = (np.tanh(corners @ w1 + b1) * w2).sum(2) + b2
    loss = (np.logaddexp(0, scores) - labels * scores).mean(1)
    learned = loss < 0.05
    assert learned.sum() == 59
    assert loss[~learned] == pytest.approx(np.log(2) / 2, abs=0.02)
    halves = np.isclose(1 / (1 + np.exp(-scores[~learned])), 0.5, atol=0.02).sum(1)
    assert (halves == 2).all()
    caption = next(c.says for c in claims.claims(CHAPTER) if c.where == "fig-network-corners")
    assert "59 get all four right in 1000 steps" in caption


def test_the_pad_reads_its_two() -> None:
    """The pad's first drawing is a 2: a network trained as in the chapter reads it."""
    load_digits = pytest.importorskip("sklearn.datasets").load_digits
    digits = load_digits()
    order = np.random.default_rng(0).permutation(1797)[:1400]
    pixels, labels = digits.data[order] / 16, digits.target[order]
    mean = pixels.mean(0)
    layers = {"hidden": 32, "output": 10}
    network = gd.Network(
        pixels - mean, labels, layers, activation="relu", loss="cross-entropy", initialisation="he"
    )
    rate = gd.schedules.cosine(0.03, 140)
    end = gd.descend_batches(
        network, gd.adam(0.03), network.start(0), batch_size=100, epochs=10, seed=0,
        learning_rate=rate, keep="end",
    ).end  # fmt: skip
    parts = network.layout.unpack(end)
    parts["hidden.bias"] = parts["hidden.bias"] - mean @ parts["hidden.weights"]
    raw = gd.Network(pixels, labels, layers, activation="relu", loss="cross-entropy")
    pad = gd.DigitPad(raw, network.layout.pack(parts))
    assert int(pad.probabilities.argmax()) == 2
    assert pad.probabilities[2] > 0.5


DIGIT = 100 / 397


def shares() -> dict[str, Array]:
    """Return how many of the 397 digits each rule reads from three starts, from the table."""
    printed = claims.printed(CHAPTER, "digits-table").split("per cent\n")[-1]
    lines = [line.rsplit(maxsplit=4) for line in printed.splitlines()[:11]]
    return {name: np.rint(np.array(found, dtype=float) / DIGIT) for name, _, *found in lines}


def test_eleven_rules_differ_no_more_than_starts_can() -> None:
    table = shares()
    lion, others = table["Lion"], np.array([table[name] for name in table if name != "Lion"])
    assert len(others) == 10
    assert others.min() * DIGIT >= 97
    assert 96 <= lion.min() * DIGIT < lion.max() * DIGIT <= 97.5
    medians = np.ptp([np.median(found) for found in table.values()])
    assert medians == np.ptp(table["Nadam"]) == 5
    assert "lie five digits apart" in claims.cells(CHAPTER)["dead-text"].source


def test_the_convolution_reads_what_the_dense_network_reads() -> None:
    cells, dense = claims.cells(CHAPTER), shares()["Adam"]
    printed = claims.shown(cells["conv-digits"])
    found = np.rint(np.array(printed.split(":")[-1].split(), dtype=float) / DIGIT)
    assert (found >= dense).all()
    assert (found - dense).max() == 3
    assert round(1490 / 2410, 1) == 3 / 5
    told = "{:.1f}, {:.1f} and {:.1f}".format(*(dense * DIGIT))
    assert f"read {told} of a hundred" in cells["conv-digits-say"].source


def test_the_table_of_the_chain_rule_is_printed_for_each_of_numpys_functions() -> None:
    printed = claims.printed(CHAPTER, "rules")
    known = [one for one in vars(np).values() if isinstance(one, np.ufunc) and RULES.get(one)]
    assert len(known) > 15
    for function in known:
        assert f"    np.{function.__name__}: (" in printed
