"""What a page keeps of a widget: JSON that every browser reads."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gdlib.book import widget_pages


def place(state: dict[str, Any]) -> Any:
    return widget_pages.widget("", model="probehunt-1", kind="ProbeHunt", state=state)


def test_a_state_is_written_as_it_is() -> None:
    state = {"start": [1.5, -0.0], "name": "é < 1", "steps": None}
    assert json.loads(widget_pages._json(place(state))) == state


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_a_state_that_json_cannot_say_fails_the_build_in_words(number: float) -> None:
    with pytest.raises(ValueError, match="the state of probehunt-1 holds NaN or an infinity"):
        widget_pages._json(place({"probe": [0.0, number]}))
