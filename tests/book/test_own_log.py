"""The form for a reader's own log: its examples are what they are called, and it can be spoken."""

from __future__ import annotations

import html
import re

import pytest

import gdlib as gd
from gdlib.book import own_log


@pytest.mark.parametrize("name", own_log.EXAMPLES)
def test_an_example_is_diagnosed_as_it_is_called(name: str) -> None:
    log, kind = own_log.EXAMPLES[name]
    assert gd.diagnose(f"{log()}\n").kind == kind


def test_the_examples_show_different_forms_of_logs() -> None:
    firsts = {name: log().splitlines()[0] for name, (log, _) in own_log.EXAMPLES.items()}
    assert re.fullmatch(r"\d,\d+", firsts["healthy"])
    assert firsts["diverged"].startswith("step 0: loss ")
    assert firsts["over-fitted"] == "epoch,loss,val_loss"
    assert firsts["nothing learned"].startswith("{'loss': ")
    assert firsts["a rate that is cut"].startswith('{"step": 0, "loss": ')


def test_the_cut_is_told_with_its_rates_and_its_step() -> None:
    found = gd.diagnose(own_log.EXAMPLES["a rate that is cut"][0]() + "\n")
    assert "the rate is cut from 0.5 to 0.05 at step 2560, and J falls with it" in str(found)


def test_the_button_holds_the_log_whatever_is_in_it() -> None:
    page = own_log.page(None)
    held = [html.unescape(text) for text in re.findall(r'data-text="([^"]*)"', page)]
    assert held == [log() for log, _ in own_log.EXAMPLES.values()]
    assert len(page) < 20_000
    assert page.count("<label") == 2
