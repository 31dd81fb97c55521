"""Named arrays within one flat θ: where each lies, and what does not fit."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gdlib as gd

LAYOUT = gd.Layout({"weights": (2, 3), "bias": (3,), "scale": ()})
THETA = np.arange(10.0)


def test_arrays_lie_one_after_the_other_row_by_row() -> None:
    parts = LAYOUT.unpack(THETA)
    assert list(parts) == ["weights", "bias", "scale"]
    np.testing.assert_array_equal(parts["weights"], [[0, 1, 2], [3, 4, 5]])
    np.testing.assert_array_equal(parts["bias"], [6, 7, 8])
    assert parts["scale"] == 9
    assert parts["scale"].shape == ()
    assert LAYOUT.size == 10
    assert repr(LAYOUT) == "Layout(weights (2, 3), bias (3,), scale (): 10 numbers)"


def test_places_say_where_each_array_lies() -> None:
    assert LAYOUT.places == {
        "weights": (slice(0, 6), (2, 3)),
        "bias": (slice(6, 9), (3,)),
        "scale": (slice(9, 10), ()),
    }


def test_parts_are_views_of_the_flat_array() -> None:
    theta = THETA.copy()
    LAYOUT.unpack(theta)["weights"][1, 0] = -1
    LAYOUT.unpack(theta)["scale"][...] = -2
    assert theta[3] == -1
    assert theta[9] == -2


def test_packing_undoes_unpacking_in_any_order_of_names() -> None:
    parts = LAYOUT.unpack(THETA)
    np.testing.assert_array_equal(LAYOUT.pack(dict(reversed(parts.items()))), THETA)
    packed = LAYOUT.pack({"weights": [[0, 1, 2], [3, 4, 5]], "bias": [6, 7, 8], "scale": 9})
    np.testing.assert_array_equal(packed, THETA)
    assert packed.dtype == float


def test_a_gradient_goes_through_a_layout() -> None:
    def cost(theta: Any) -> Any:
        parts = LAYOUT.unpack(theta)
        return (parts["weights"].sum(axis=0) * parts["bias"]).sum() * parts["scale"]

    np.testing.assert_allclose(
        gd.grad(cost)(THETA), gd.numerical_gradient(cost, THETA, method="complex"), rtol=1e-14
    )


def test_a_layout_is_a_value() -> None:
    shapes: Any = {"a": [2, 2]}
    layout = gd.Layout(shapes)
    shapes["a"].append(5)
    assert layout == gd.Layout({"a": (2, 2)})
    assert layout != gd.Layout({"b": (2, 2)})
    with pytest.raises(dataclasses.FrozenInstanceError):
        layout.shapes = {}  # type: ignore[misc]
    with pytest.raises(TypeError):
        layout.shapes["b"] = (1,)  # type: ignore[index]


WORDS: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "no mapping": (
        lambda: gd.Layout([(2, 3)]), TypeError,  # type: ignore[arg-type]
        "shapes must be shapes by name, not [(2, 3)]",
    ),
    "no arrays": (lambda: gd.Layout({}), ValueError, "shapes must name at least one array"),
    "no name": (
        lambda: gd.Layout({1: (2,)}), TypeError,  # type: ignore[dict-item]
        "a name in shapes must be a string, not 1",
    ),
    "no shape": (
        lambda: gd.Layout({"a": 3}), TypeError,  # type: ignore[dict-item]
        "the shape of a must be a tuple of whole numbers, not 3",
    ),
    "half a row": (
        lambda: gd.Layout({"a": (1.5,)}), TypeError,  # type: ignore[dict-item]
        "the shape of a must be a whole number, not 1.5",
    ),
    "no rows": (
        lambda: gd.Layout({"a": (2, 0)}), ValueError, "the shape of a must be at least 1, not 0",
    ),
    "too long": (
        lambda: LAYOUT.unpack(np.ones(11)), ValueError, "theta must be of shape (10,), not (11,)",
    ),
    "not flat": (
        lambda: LAYOUT.unpack(np.ones((1, 10))), ValueError,
        "theta must be of shape (10,), not (1, 10)",
    ),
    "another name": (
        lambda: LAYOUT.pack({"weights": 1, "bias": 2, "scales": 3}), ValueError,
        "arrays must be weights, bias, scale, not weights, bias, scales",
    ),
    "another shape": (
        lambda: LAYOUT.pack({"weights": THETA[:6], "bias": THETA[:3], "scale": 1}), ValueError,
        "weights of arrays must be of shape (2, 3), not (6,)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WORDS)
def test_what_does_not_fit_is_said(name: str) -> None:
    call, kind, words = WORDS[name]
    with pytest.raises(kind) as said:
        call()
    assert str(said.value) == words
