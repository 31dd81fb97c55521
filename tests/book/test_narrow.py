"""A figure's narrow form: one column, letters that a phone shows large enough, nothing cut off."""

from __future__ import annotations

import base64
import io
import warnings
from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib import pyplot as plt
from PIL import Image

import gdlib as gd
from gdlib.book import narrow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

SHOWN = 354
"""How many pixels wide a phone of 390 shows a figure."""


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


def _two_panels(*, sharex: bool = False, sharey: bool = False) -> Figure:
    figure, panels = plt.subplots(
        1, 2, figsize=(7.6, 4), layout="constrained", sharex=sharex, sharey=sharey
    )
    for ax in panels:
        ax.loglog([1, 1e3], [1, 1e-6], label="a rule with a name that takes much room")
        ax.loglog([1, 1e3], [1e-6, 1], label=r"$\eta_k = 10^{-3}$")
        ax.set_xlabel("step")
        gd.plotting.style(ax)
    panels[0].set_ylabel("cost")
    gd.plotting.legend(panels[0])
    panels[1].set_title("a title that is longer than half a page is wide")
    return figure


def _smallest(known: dict[str, object]) -> float:
    letters, inches = known["letters"], known["inches"]
    assert isinstance(letters, list)
    assert isinstance(inches, float)
    return float(min(size for size, _colour, _ground in letters) / 72 / inches * SHOWN)


@pytest.mark.parametrize("shared", [True, False])
def test_letters_of_the_narrow_form_have_ten_pixels_on_a_phone(shared: bool) -> None:
    forms = narrow.both(_two_panels(sharex=shared, sharey=shared))[narrow.MIME]
    assert _smallest(forms["wide"]) < 8  # else this figure tempts nobody
    assert _smallest(forms["narrow"]) >= 10


def test_panels_stand_in_one_column_unless_they_share_both_axes() -> None:
    apart, alike = _two_panels(sharey=True), _two_panels(sharex=True, sharey=True)
    for figure in (apart, alike):
        narrow.narrow(figure)
    left, right = (ax.get_position() for ax in apart.axes)
    assert right.y1 < left.y0
    assert left.x0 == pytest.approx(right.x0)
    assert [ax.get_ylabel() for ax in apart.axes] == ["cost", "cost"]
    left, right = (ax.get_position() for ax in alike.axes)
    assert right.x0 > left.x1
    assert left.y0 == pytest.approx(right.y0)


@pytest.mark.parametrize("shared", [True, False])
def test_nothing_of_the_narrow_form_is_wider_than_the_figure(shared: bool) -> None:
    figure = _two_panels(sharex=shared, sharey=shared)
    narrow.narrow(figure)
    box = figure.get_tightbbox()
    assert box is not None
    assert box.x0 >= -0.1
    assert box.x1 <= narrow.WIDTH + 0.1


def test_a_map_keeps_its_angles() -> None:
    figure, ax = plt.subplots(figsize=(7, 5), layout="constrained")
    gd.plotting.contours(ax, gd.landscapes.himmelblau())
    ax.set_aspect("equal")
    narrow.narrow(figure)
    (left, low), (right, high) = ax.transData.transform([(0, 0), (1, 1)])
    assert right - left == pytest.approx(high - low)


def test_the_narrow_form_shows_the_same_data() -> None:
    figure = _two_panels()
    before = [line.get_xydata() for ax in figure.axes for line in ax.lines]
    narrow.narrow(figure)
    after = [line.get_xydata() for ax in figure.axes for line in ax.lines]
    np.testing.assert_array_equal(np.array(before), np.array(after))


def test_both_forms_are_pictures_as_large_as_they_say() -> None:
    forms = narrow.both(_two_panels())[narrow.MIME]
    for form in forms.values():
        picture = Image.open(io.BytesIO(base64.b64decode(form["webp"])))
        assert picture.format == "WEBP"
        assert picture.size == form["size"]


def _mapped() -> Figure:
    figure, ax = plt.subplots(figsize=(5, 4), layout="constrained")
    bowl = gd.landscapes.himmelblau()
    gd.plotting.contours(ax, bowl)
    gd.plotting.path(ax, gd.descend(bowl, gd.gradient_descent(0.01), steps=20), method="Adam")
    return figure


def _seen(form: dict[str, str], page: str) -> float:
    """Return how bright a picture is on the whole, from 0 to 255, on a page of that colour."""
    picture = Image.open(io.BytesIO(base64.b64decode(form["webp"]))).convert("RGBA")
    ground = Image.new("RGBA", picture.size, page)
    ground.alpha_composite(picture)
    return float(np.asarray(ground.convert("L")).mean())


def test_a_landscape_is_drawn_for_the_dark_as_well_and_a_chart_is_not() -> None:
    forms = narrow.both(_mapped())[narrow.MIME]
    assert set(forms) == {"wide", "dark wide", "narrow", "dark narrow"}
    for form in ("wide", "narrow"):
        assert forms[f"dark {form}"]["size"] == forms[form]["size"]
        assert _seen(forms[f"dark {form}"], "#12171a") < 80 < 160 < _seen(forms[form], "#fdfcfa")
        assert "dark map" in {ground for *_, ground in forms[f"dark {form}"]["letters"]}
    assert set(narrow.both(_two_panels())[narrow.MIME]) == {"wide", "narrow"}


def test_a_surface_is_drawn_for_the_dark_as_well() -> None:
    figure = plt.figure()  # Matplotlib 3.10 finds no room for it in a constrained layout
    gd.plotting.surface(figure.add_subplot(projection="3d"), gd.landscapes.himmelblau())
    forms = narrow.both(figure)[narrow.MIME]
    assert _seen(forms["dark wide"], "#000000") < 0.6 * _seen(forms["wide"], "#000000")


@pytest.mark.parametrize("slim", [True, False])
def test_a_figure_that_finds_no_room_is_shown_without_a_warning(slim: bool) -> None:
    """As a reader's older Matplotlib finds none beside a picture in space."""
    figure, axes = plt.subplots(1, 2, figsize=(0.6, 0.6), layout="constrained")
    axes[0].set_ylabel("some words that leave no room for what is drawn", size=40)
    with pytest.warns(UserWarning, match="constrained_layout not applied"):
        figure.canvas.draw()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert narrow.one(figure, slim=slim)["image/png"]


def test_a_figure_has_its_own_colours_again_after_the_dark() -> None:
    figure = _mapped()
    before = narrow.both(figure)["image/png"]
    fresh = _mapped()
    narrow.narrow(fresh)
    assert _pixels(figure) == _pixels(fresh)
    assert before == narrow.both(_mapped())["image/png"]


def _pixels(figure: Figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="raw", dpi=80)
    return file.getvalue()


@pytest.mark.parametrize(
    ("text", "share"),
    [("step", 1), ("$x$", 1), ("$10^{-6}$", 0.7), (r"$\theta_1$", 0.7), ("a_b", 1)],
)
def test_powers_and_indices_are_smaller_than_their_text(text: str, share: float) -> None:
    assert narrow.smallest(text, 10) == pytest.approx(10 * share)


def test_words_are_told_with_the_ground_on_which_they_stand() -> None:
    figure, ax = plt.subplots(layout="constrained")
    ax.text(0.5, 0.5, "boxed", color="#000000", bbox={"facecolor": "#ffffff"})
    ax.text(0.2, 0.2, "faint", color="#123456", alpha=0.5)
    letters = narrow.both(figure)[narrow.MIME]["wide"]["letters"]
    told = {(colour, ground) for _size, colour, ground in letters}
    assert ("#000000ff", "#ffffff") in told
    assert ("#12345680", "page") in told
