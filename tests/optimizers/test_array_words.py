"""What rules of whole arrays cannot do, or be made of, is said in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib.optimizers import ArrayOptimizer, beta, eta, g, k, m

START = np.random.default_rng(5).normal(size=(3, 4))
ROWS = np.random.default_rng(0).normal(size=(6, 3))
NETWORK = gd.Network(ROWS, [0, 1, 0, 1, 1, 0], {"hidden": 4, "output": 1}, loss="logistic")


def bowl(point: Any) -> tuple[float, Any]:
    return float((point**2).sum()) / 2, point


MUON: Any = gd.muon()
CONSTRUCTOR: Any = gd.muon
WORDS: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "three axes": (
        lambda: gd.descend(bowl, gd.muon(), np.ones((2, 2, 2)), 3), ValueError,
        r"Muon moves matrices: start must be of shape \(rows, columns\).*not \(2, 2, 2\)",
    ),
    "a vector in a loop": (
        lambda: gd.soap().init([1.0, 2.0]), ValueError,
        r"SOAP moves a matrix of shape \(rows, columns\), not θ of shape \(2,\)",
    ),
    "nothing": (
        lambda: gd.adafactor().init(np.ones((0, 3))), ValueError,
        r"theta must hold at least one number, not have the shape \(0, 3\)",
    ),
    "several starts": (
        lambda: gd.descend(gd.landscapes.rosenbrock(), gd.muon(), np.ones((3, 2)), 3), ValueError,
        r"takes one start of shape \(2,\) on a landscape, not starts of shape \(3, 2\)",
    ),
    "no matrix": (
        lambda: gd.descend_batches(
            gd.problems.noisy_line(8), gd.shampoo(), batch_size=4, epochs=1, seed=0
        ), ValueError,
        "Shampoo finds no matrix to move among θ's arrays weights; AdamW moves vectors by itself",
    ),
    "every matrix apart": (
        lambda: gd.descend(
            NETWORK, gd.muon(apart=("hidden.weights", "output.weights")), NETWORK.start(0), 1
        ), ValueError, "Muon finds no matrix to move",
    ),
    "a name that is not there": (
        lambda: gd.descend(NETWORK, gd.muon(apart=("embedding",)), NETWORK.start(0), 1),
        ValueError, "Muon's apart must name arrays of θ, hidden.weights, .*; not embedding",
    ),
    "names apart where θ has none": (
        lambda: gd.descend(bowl, gd.muon(apart=("embedding",)), START, 1), ValueError,
        "Muon's apart must name arrays of θ, which has no names here; not embedding: a cost with a",
    ),
    "no matrix for what is clipped": (
        lambda: gd.descend(gd.problems.noisy_line(8), gd.clipped(gd.muon()), np.zeros(2), 1),
        ValueError, "Muon, clipped finds no matrix to move among θ's arrays weights",
    ),
    "one name": (
        lambda: gd.muon(apart="output"), TypeError,
        r"apart must be several names, as \('output',\), not 'output'",
    ),
    "no scale": (lambda: gd.muon(scale="rms"), ValueError, 'scale must be "original"'),
    "no iteration": (lambda: gd.muon(iterations=0), ValueError, "iterations must be"),
    "a constructor": (lambda: CONSTRUCTOR(others=gd.adam), TypeError, "one like gd.adam"),
    "a state of another rule": (
        lambda: gd.muon().update(START, gd.adam().init(START), START), ValueError,
        "Muon needs a state that holds M, not m, v",
    ),
    "a state of another shape": (
        lambda: gd.shampoo().update(START, gd.shampoo().init(START.T), START), ValueError,
        r"the state's L must have the shape \(3, 3\) here, not \(4, 4\)",
    ),
    "a slope of another shape": (
        lambda: gd.muon().update(START.T, gd.muon().init(START), START), ValueError,
        r"the gradient must have θ's shape \(3, 4\), not \(4, 3\)",
    ),
    "PyTorch": (
        lambda: gd.muon().code("torch"), ValueError,
        'language must be "numpy" or "latex", not \'torch\'',
    ),
    "a map": (
        lambda: gd.basins(gd.landscapes.himmelblau(), MUON, (3, 3)), TypeError,
        "needs a rule that moves each number by itself, like gd.adam.*; Muon looks at whole arrays",
    ),
    "a workbench": (
        lambda: gd.Workbench(MUON, steps=1), TypeError,
        "rule must be text such as .* or an optimizer such as gd.adam",
    ),
    "a widget": (
        lambda: gd.DescentExplorer(gd.landscapes.quadratic(), [MUON]), TypeError,
        "optimizers must be rules such as gd.adam",
    ),
    "cut twice": (lambda: gd.clipped(gd.clipped(gd.adam())), ValueError, "clips already"),
    "free twice": (
        lambda: gd.schedule_free(gd.schedule_free(gd.adam())), ValueError,
        "is schedule-free already",
    ),
    "a z of a reader's own": (
        lambda: gd.schedule_free(gd.Optimizer.parse("z = 0.9*z + g; step = -eta*z")), ValueError,
        "the rule my rule.* must not use z, which is ours here",
    ),
    "a τ of a reader's own": (
        lambda: gd.clipped(gd.Optimizer.parse("step = -eta*g*tau", tau=0.3)), ValueError,
        "the rule my rule.* must not use tau",
    ),
    "a function that does not exist": (
        lambda: ArrayOptimizer("mine", -eta * sp.Function("f")(g), {}, {eta: 0.1}), ValueError,
        "mine's step holds f",
    ),
    "a first value of text": (
        lambda: ArrayOptimizer("mine", -eta * m, {m: m + g}, {eta: 0.1}, initial={m: "one"}),
        TypeError, "mine: initial m must be a number",
    ),
    "a gradient that counts": (
        lambda: ArrayOptimizer("mine", -eta * g, {}, {eta: 0.1}, gradient=g / k), ValueError,
        "mine's gradient holds the unbound symbol 'k'",
    ),
    "an unbound symbol": (
        lambda: ArrayOptimizer("mine", -eta * g, {}, {eta: 0.1}, gradient=g * beta), ValueError,
        "mine's gradient holds the unbound symbol 'beta'",
    ),
    "an answer of nothing": (
        lambda: ArrayOptimizer("mine", -eta * g, {}, {eta: 0.1}, answer=m), ValueError,
        "mine's answer holds the unbound symbol 'm'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WORDS)
def test_what_cannot_be_is_said(name: str) -> None:
    call, kind, words = WORDS[name]
    with pytest.raises(kind, match=words):
        call()


@pytest.mark.parametrize("ours", ["z", "x", "eta_max", "W", "c_now", "beta0"])
def test_each_name_of_a_schedule_free_rule_is_its_own(ours: str) -> None:
    symbol = sp.Symbol(ours, real=True)
    mine = gd.Optimizer("mine", -eta * symbol, {symbol: symbol / 2 + g}, {eta: 0.1})
    with pytest.raises(ValueError, match=f"must not use {symbol}, which is ours"):
        gd.schedule_free(mine)


def test_rules_go_by_their_papers_names() -> None:
    named = [make().name for make in gd.optimizers.MATRIX_RULES.values()]
    assert named == ["Muon", "Shampoo", "SOAP", "Adafactor"]
    assert gd.clipped(gd.muon()).name == "Muon, clipped"
    assert gd.schedule_free(gd.adam()).name == "Adam, schedule-free"
