"""Every figure can be read: how large its letters are on the screen, and how they stand out.

A figure tells the sizes of its letters in points, with their colours and grounds; the page decides
how wide it is shown, which of its two forms, and how bright.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from gdlib.plotting.theme import PALETTE
from tests.browser.site import chapters, looking
from tests.plotting.test_theme import contrast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.browser.site import Visit

pytestmark = pytest.mark.site
LEAST = 10.0
"""How many pixels the smallest letter has at least, powers and indices included."""
WORDS, LINES = 4.5, 3.0
"""The contrast of what is read, and of what is only seen: WCAG 1.4.3 and 1.4.11."""
FIGURES = """() => {
    document.querySelectorAll("picture").forEach((picture) => picture.classList.add("gd-near"));
    document.querySelectorAll("details").forEach((fold) => { fold.open = true; });
    const ground = (e) => {
        const own = getComputedStyle(e).backgroundColor;
        return own.endsWith(", 0)") && e.parentElement ? ground(e.parentElement) : own;
    };
    return [...document.querySelectorAll("picture[data-letters]")].map((picture) => {
        const image = picture.querySelector("img");
        return {
            alt: image.alt.slice(0, 60),
            letters: JSON.parse(picture.dataset.letters),
            dark: /dark/.test(document.documentElement.dataset.theme),
            narrow: matchMedia(picture.querySelector("source").media).matches,
            width: image.getBoundingClientRect().width,
            bright: Number(getComputedStyle(image).filter.match(/brightness\\(([\\d.]+)\\)/)[1]),
            page: ground(picture),
        };
    });
}"""


def _shown(figure: dict[str, Any]) -> Iterator[tuple[float, str, str]]:
    """Yield the letters of the form that is shown: pixels, colour, ground."""
    forms = figure["letters"]
    inches, letters = forms[-2:][figure["narrow"]] if figure["dark"] else forms[figure["narrow"]]
    assert figure["width"] > 0, figure["alt"]
    for points, colour, ground in letters:
        yield points / 72 / inches * figure["width"], colour, ground


@looking(chapters())
@pytest.mark.parametrize("width", [1280, 800, 760, 390])
def test_no_letter_of_a_figure_is_too_small(seen: Visit, width: int) -> None:
    seen.page.set_viewport_size({"width": width, "height": 900})
    for figure in seen.page.evaluate(FIGURES):
        assert min(pixels for pixels, *_ in _shown(figure)) >= LEAST, (width, figure)


@looking(chapters(), {}, {"theme": "dark"})
def test_words_and_lines_of_figures_stand_out(seen: Visit) -> None:
    seen.page.set_viewport_size({"width": 1280, "height": 900})
    for figure in seen.page.evaluate(FIGURES):
        page = "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", figure["page"])[:3])
        for _pixels, colour, ground in _shown(figure):
            for under in _grounds(ground, page, figure["bright"]):
                drawn = _blended(_brighter(colour, figure["bright"]), under, colour)
                assert contrast(drawn, under) >= WORDS, (colour, ground, figure["alt"])
        for colour in _lines():
            assert contrast(_brighter(colour, figure["bright"]), page) >= LINES, colour


def _grounds(ground: str, page: str, bright: float) -> list[str]:
    if ground == "page":
        return [page]
    tones = PALETTE["figure"].get(ground, [ground])
    return [_brighter(tone, bright) for tone in tones]


def _lines() -> set[str]:
    return {look["figure"] for look in PALETTE["methods"].values()} | {*PALETTE["figure"]["other"]}


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in range(1, len(colour), 2)]


def _brighter(colour: str, bright: float) -> str:
    """Return what the filter of the page makes of a colour."""
    return "#" + "".join(f"{min(255, round(part * bright)):02x}" for part in _channels(colour)[:3])


def _blended(colour: str, ground: str, drawn: str) -> str:
    """Return what is seen of a colour that lets its ground through as the drawn one does."""
    share = ([*_channels(drawn), 255][3]) / 255
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(
        f"{round(over * share + under * (1 - share)):02x}" for over, under in pairs
    )


def test_a_phone_gets_the_narrow_form_and_a_wide_screen_the_wide_one(
    visit: Callable[..., Visit],
) -> None:
    name = next(name for name in chapters() if "01-" in name)
    for width, narrow in ((390, True), (1280, False)):
        assert {figure["narrow"] for figure in visit(name, width=width).page.evaluate(FIGURES)} == {
            narrow
        }


ROOM = """(picture) => {
    const { width, height } = picture.getBoundingClientRect();
    return [Math.round(width), Math.round(height)];
}"""
WAITING = "picture:not(.gd-near)"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_picture_comes_half_a_screen_ahead_and_moves_nothing(
    visit: Callable[..., Visit], width: int
) -> None:
    page = visit(next(name for name in chapters() if "08-" in name), width=width).page
    picture = page.locator(f"{WAITING}[data-letters]").first.element_handle()
    assert picture is not None
    image = picture.query_selector("img")
    assert image is not None
    assert not image.evaluate("(i) => i.complete && i.naturalWidth > 0")
    before = picture.evaluate(ROOM)
    picture.evaluate("(p) => scrollBy(0, p.getBoundingClientRect().top - 1.4 * innerHeight)")
    page.wait_for_function("(i) => i.complete && i.naturalWidth > 0", arg=image)
    after = picture.evaluate(ROOM)
    assert max(abs(a - b) for a, b in zip(before, after, strict=True)) <= 1, (before, after)


def test_paper_shows_the_pictures_that_wait(visit: Callable[..., Visit]) -> None:
    page = visit(next(name for name in chapters() if "08-" in name)).page
    assert page.locator(WAITING).count()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function(
        "() => [...document.images].every((image) => image.complete && image.naturalWidth > 0)"
    )
    assert page.locator(f"{WAITING} img:visible").count() == page.locator(WAITING).count()


def test_a_landscape_has_pictures_for_the_dark_and_light_ones_on_paper(
    visit: Callable[..., Visit],
) -> None:
    page = visit(next(name for name in chapters() if "08-" in name), theme="dark").page

    def shows(tone: str) -> None:
        page.wait_for_function(
            """(tone) => [...document.querySelectorAll("source[data-dark]")].every(
                (source) => source.srcset === source.dataset[tone])""",
            arg=tone,
        )

    assert page.locator("source[data-dark]").count()
    shows("dark")
    page.emulate_media(media="print")
    shows("light")
    page.emulate_media(media="screen")
    shows("dark")
    page.locator(".gd-tool.gd-theme").click()
    shows("light")
