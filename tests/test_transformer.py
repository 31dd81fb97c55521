"""Transformer: PyTorch's definition by hand, the gradient, the mask, what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import log_softmax, softmax

import gdlib as gd

RNG = np.random.default_rng(0)
WINDOWS = RNG.integers(5, size=(6, 8))


def model(**choices: Any) -> gd.Transformer:
    sizes = {"dimension": 6, "hidden": 5, "blocks": 2, "heads": 2} | choices
    return gd.Transformer(WINDOWS, 5, **sizes)


def somewhere(of: gd.Transformer) -> Any:
    return of.start(3) + 0.4 * np.random.default_rng(1).normal(size=of.n)


def by_hand(of: gd.Transformer, theta: Any, signs: Any) -> Any:
    """Return the scores place by place and head by head, with the heads joined side by side."""
    part = of.layout.unpack(theta)
    x = [part["embedding"][sign] + part["position"][place] for place, sign in enumerate(signs)]

    def normal(row: Any) -> Any:
        return row / np.sqrt(np.mean(row**2) + 1e-5) if of.normalised else row

    each = of.dimension // of.heads
    for block in range(1, of.blocks + 1):
        read = [normal(row) for row in x]
        query, key, value = (
            [row @ part[f"{block}.{name}"] for row in read] for name in ("query", "key", "value")
        )
        for place in range(len(x)):
            joined = np.zeros(of.dimension)
            for head in range(of.heads):
                own = slice(head * each, head * each + each)
                scores = [query[place][own] @ key[j][own] / each**0.5 for j in range(place + 1)]
                shares = softmax(scores)
                joined[own] = sum(share * value[j][own] for j, share in enumerate(shares))
            x[place] = x[place] + joined @ part[f"{block}.out"]
        for place, row in enumerate(x):
            bent = np.maximum(0, normal(row) @ part[f"{block}.in"])
            x[place] = row + bent @ part[f"{block}.back"]
    return np.array([normal(row) @ part["output"] for row in x])


@pytest.mark.parametrize(
    "choices", [{}, {"heads": 1, "blocks": 1}, {"heads": 3}, {"normalised": False}]
)
def test_probabilities_and_costs_are_those_of_a_model_written_place_by_place(choices: Any) -> None:
    of = model(**choices)
    theta = somewhere(of)
    costs = []
    for row, wanted, given in zip(of.features, of.targets, WINDOWS, strict=True):
        scores = by_hand(of, theta, row)
        np.testing.assert_allclose(of.predict(theta, row[None])[0], softmax(scores, axis=1))
        costs.append(-log_softmax(scores, axis=1)[range(7), given[1:]].mean() / np.log(2))
        assert (wanted == given[1:]).all()
    np.testing.assert_allclose(of.value(theta), np.mean(costs))
    np.testing.assert_allclose(of.value(theta, [1, 4]), np.mean([costs[1], costs[4]]))


@pytest.mark.parametrize("choices", [{}, {"heads": 3}, {"normalised": False}])
def test_the_gradient_is_that_of_the_complex_step(choices: Any) -> None:
    of = model(**choices)
    theta = somewhere(of)
    slopes = gd.numerical_gradient(of.value, theta, method="complex")
    np.testing.assert_allclose(of.gradient(theta), slopes, atol=1e-12)


def test_no_place_sees_what_comes_after_it() -> None:
    of = model()
    theta, signs = somewhere(of), WINDOWS[:1, :-1].copy()
    before = of.predict(theta, signs)
    signs[0, 4] = (signs[0, 4] + 1) % 5
    after = of.predict(theta, signs)
    np.testing.assert_array_equal(after[0, :4], before[0, :4])
    assert (abs(after[0, 4:] - before[0, 4:]).max(axis=1) > 1e-6).all()


def test_before_the_first_step_every_sign_is_equally_probable() -> None:
    of = model()
    np.testing.assert_allclose(of.value(of.start(0)), np.log2(5))
    assert not np.array_equal(of.start(0), of.start(1))


def test_the_start_has_the_variances_that_it_says() -> None:
    wide = gd.Transformer(WINDOWS, 5, dimension=64, hidden=80, heads=4)
    parts = wide.layout.unpack(wide.start(2))
    np.testing.assert_allclose(parts["1.query"].var() * 64, 1, rtol=0.05)
    np.testing.assert_allclose(parts["2.in"].var() * 64, 1, rtol=0.05)
    np.testing.assert_allclose(parts["embedding"].var() * 2, 1, rtol=0.2)
    for name in ("1.out", "2.back", "output"):
        assert not parts[name].any()


def test_a_model_on_other_windows_has_the_same_parts_and_no_other_length() -> None:
    of = model(normalised=False)
    other = of.on(WINDOWS[:2])
    assert (other.normalised, other.layout, other.rows) == (False, of.layout, 2)
    np.testing.assert_allclose(other.value(somewhere(of)), of.value(somewhere(of), [0, 1]))


def test_descent_learns_a_text_that_repeats() -> None:
    """Signs 0 1 2 3 4 in turn: after the first the next is sure."""
    turn = np.arange(60) % 5
    of = gd.Transformer([turn[i : i + 8] for i in range(40)], 5, dimension=8, hidden=8, blocks=1)
    run = gd.descend(of, gd.adam(0.03), of.start(0), steps=60, keep="end")
    assert run.values[-1] < 0.05


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"windows": [0, 1]}, r"windows must be of shape \(rows, at least 2\), not \(2,\)"),
        ({"windows": [[1]]}, r"windows must be of shape \(rows, at least 2\), not \(1, 1\)"),
        ({"windows": [[0, 5]]}, "windows must be whole numbers from 0 to 4, not 5"),
        ({"windows": [[0, 0.5]]}, "windows must be whole numbers from 0 to 4, not 0.5"),
        ({"windows": [[0, -1]]}, "windows must be whole numbers from 0 to 4, not -1"),
        ({"signs": 1}, "signs must be"),
        ({"heads": 4}, "dimension must be a multiple of heads = 4, not 6"),
        ({"blocks": 0}, "blocks must be"),
        ({"normalised": 1}, "normalised must be True or False"),
    ],
)
def test_what_makes_no_model_is_refused(given: dict[str, Any], message: str) -> None:
    sizes: dict[str, Any] = {"windows": WINDOWS, "signs": 5, "dimension": 6, "hidden": 5} | given
    with pytest.raises((TypeError, ValueError), match=message):
        gd.Transformer(**sizes)


def test_rows_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match=r"features must be of shape \(rows, 7\), not \(1, 3\)"):
        model().predict(model().start(0), [[0, 1, 2]])
