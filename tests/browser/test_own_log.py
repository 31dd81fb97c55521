"""A reader's own log on the page: pasted, a file, an example; on a phone, by keyboard and touch."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gdlib.book import own_log
from tests.browser.running import PATIENCE, answered, on_a_phone, self_hosted  # noqa: F401 (a fixture)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator

    from tests.browser.site import Visit

pytestmark = pytest.mark.site
PAGE = "chapters/diagnose.html"


BUTTON = "Diagnose this log"


@pytest.fixture(scope="module")
def form(browser: Browser, self_hosted: str) -> Iterator[Locator]:  # noqa: F811
    """Open the page on a phone."""
    with on_a_phone(browser, self_hosted, PAGE) as cell:
        yield cell


def test_a_pasted_log_is_drawn_and_judged_by_keyboard_alone(form: Locator) -> None:
    page = form.page
    area = form.get_by_label("Paste your log")
    area.focus()
    lines = [
        f"epoch {k}: loss {2 * 0.9**k:.3f}, val_loss {1 + (k - 9) ** 2 / 99:.3f}" for k in range(30)
    ]
    page.keyboard.insert_text("\n".join(lines))
    said = answered(form, BUTTON, by="keys")
    assert "30 losses (“loss”), 30 losses on data held out (“val_loss”); epochs 0 to 29" in said
    assert "on data held out J is lowest at epoch 9, 1," in said
    curve = form.get_by_role("img", name=re.compile("falls, then climbs at epoch 9"))
    expect(curve).to_be_visible()
    assert curve.bounding_box()["width"] <= 390  # type: ignore[index]
    assert curve.locator("polyline").count() == 2
    chapter = form.get_by_role("link", name="chapter 15, “The race”")
    assert chapter.get_attribute("href") == "15-race.html#sec-race-generalisation"


@pytest.mark.parametrize("name", own_log.EXAMPLES)
def test_an_example_is_a_tap_away_and_judged_as_it_says(form: Locator, name: str) -> None:
    form.get_by_role("button", name=name, exact=True).tap()
    assert f"{own_log.EXAMPLES[name][1]}:" in answered(form, BUTTON)


def test_a_file_is_read_where_it_is(form: Locator) -> None:
    text = "step;loss\r\n0;2,5\r\n1;1,25\r\n"
    file = {
        "name": "log.csv",
        "mimeType": "text/csv",
        "buffer": b"\xff\xfe" + text.encode("utf-16le"),
    }
    form.get_by_label("Or choose its file").set_input_files(file)  # type: ignore[arg-type]
    expect(form.get_by_label("Paste your log")).to_have_value(text.replace("\r\n", "\n"))
    said = answered(form, BUTTON)
    assert "2 losses (“loss”); steps 0 to 1" in said
    assert "too few steps: 1" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "a log must hold numbers, not nothing"),
        ("2.3\n2.1\nkilled\n2.0\n", "line 3: a number was wanted, not 'killed'"),
        ('"""\nimport os\n', "a log must hold numbers; none was found"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(form: Locator, text: str, words: str) -> None:
    form.get_by_label("Paste your log").fill(text)
    said = answered(form, BUTTON)
    assert f"This log cannot be read: {words}" in said
    assert "Traceback" not in said


def test_a_file_of_a_million_lines_is_read_and_not_shown(form: Locator, tmp_path: Path) -> None:
    file = tmp_path / "losses.txt"
    file.write_text("\n".join(f"{1 + math.exp(-k / 1e5):.5f}" for k in range(10**6)), "utf-8")
    form.get_by_label("Or choose its file").set_input_files(file)
    said = form.get_by_text("losses.txt has 8.0 million letters")
    expect(said).to_be_visible(timeout=PATIENCE)
    expect(form.get_by_label("Paste your log")).to_have_value("")
    assert "1,000,000 losses" in answered(form, BUTTON)


def test_the_form_is_not_printed_and_needs_no_room_beside_the_text(
    visit: Callable[..., Visit],
) -> None:
    page = visit(PAGE, at="served").page
    form = page.locator(".gd-form")
    expect(form).to_be_visible()
    page.emulate_media(media="print")
    expect(form).to_be_hidden()


def test_from_a_folder_it_says_how_to_run_python(visit: Callable[..., Visit]) -> None:
    form = visit(PAGE).page.locator(".gd-own-log")
    form.get_by_role("button", name="Diagnose this log").click()
    expect(form.locator(".gd-run-said")).to_contain_text("python -m http.server")
