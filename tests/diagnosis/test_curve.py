"""The picture of a log: its lines, its marks, and its words for who cannot see it."""

from __future__ import annotations

import re

import numpy as np
import pytest

import gdlib as gd
from gdlib.diagnosis import curve

NAN = float("nan")


def lines(figure: str) -> list[list[tuple[float, float]]]:
    """Return the corners of each line."""
    return [
        [tuple(map(float, pair.split(","))) for pair in points.split()]  # type: ignore[misc]
        for points in re.findall(r'<polyline points="([^"]+)"', figure)
    ]


def test_a_loss_stands_where_its_step_and_its_size_say() -> None:
    (line,) = lines(gd.diagnose({"step": [0, 10, 40], "loss": [3.0, 1.0, 2.0]}).figure)
    (x0, y0), (x1, y1), (x2, y2) = line
    assert (x0, x2) == (curve.LEFT, curve.RIGHT)
    assert (x1 - x0) / (x2 - x0) == pytest.approx(0.25, abs=1e-3)
    assert y0 < y2 < y1  # up on the page is less
    assert (y0 + y1) / 2 == pytest.approx(y2, abs=0.1)


def test_losses_of_many_sizes_have_a_logarithmic_scale() -> None:
    figure = gd.diagnose({"loss": 10.0 ** -np.arange(5)}).figure
    heights = np.diff([y for _, y in lines(figure)[0]])
    assert np.ptp(heights) < 0.2
    assert "0.0001 to 1, log scale" in figure
    assert "log scale" not in gd.diagnose({"loss": [3.0, 2.0, -1.0]}).figure


def test_held_out_losses_are_a_dashed_line_over_the_same_steps() -> None:
    """Every second epoch has one."""
    log = "\n".join(
        f"epoch {k}: loss {1 + 1 / (k + 1)}" + (f" val_loss {2 + k / 9}" if k % 2 else "")
        for k in range(10)
    )
    figure = gd.diagnose(log).figure
    train, held = lines(figure)
    assert [x for x, _ in held] == [x for x, _ in train][1::2]
    assert figure.count('stroke-dasharray="4 3"') == 1
    assert "dashed: on data held out" in figure


def test_held_out_losses_without_steps_stand_for_the_whole_way() -> None:
    figure = gd.diagnose({"loss": [3.0, 2.0, 1.5, 1.2], "val_loss": [3.0, 2.0]}).figure
    train, held = lines(figure)
    assert [held[0][0], held[-1][0]] == [train[0][0], train[-1][0]]


def test_what_was_found_is_marked_where_it_was_found() -> None:
    found = gd.diagnose({"step": range(0, 60, 10), "loss": [2.0, 1.5, 1.0, NAN, NAN, NAN]})
    assert found.findings[0].step == 30
    assert f'<path d="M{curve.RIGHT:.1f} {curve.TOP}V' in found.figure  # the steps shown end there
    assert ">! diverged</text>" in found.figure
    assert 'aria-label="J over steps 0 to 30, from 2 to 1: diverged at step 30."' in found.figure


def test_a_long_log_keeps_its_extremes_and_stays_small() -> None:
    losses = 2 + np.sin(np.arange(100_000) / 5000)
    losses[77_777], losses[33_333] = 9.0, -5.0
    figure = gd.diagnose({"loss": losses}).figure
    (line,) = lines(figure)
    assert len(figure) < 15_000
    heights = [y for _, y in line]
    top, low = min(heights), max(heights)
    assert heights.count(top) == heights.count(low) == 1
    assert line[heights.index(top)][0] == pytest.approx(curve.LEFT + 0.77778 * 348, abs=0.2)


def test_what_a_log_calls_things_is_no_markup() -> None:
    html = gd.diagnose({"<b>loss</b>": [2.0, 1.0]}, loss="<b>loss</b>")._repr_html_()
    assert "<b>" not in html
    assert "&lt;b&gt;loss&lt;/b&gt;" in html


def test_one_loss_is_no_curve_and_a_list_has_none() -> None:
    assert gd.diagnose({"loss": [1.0]}).figure == ""
    assert gd.diagnose([3.0, 2.0, 1.0]).figure == ""


def test_a_notebook_shows_it_above_the_words() -> None:
    found = gd.diagnose({"loss": [2.0, 1.0]})
    html = found._repr_html_()
    assert html.index("<svg") < html.index("read: 2 losses")
    assert "<svg" not in repr(found)
