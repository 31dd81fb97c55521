"""A reader's own cost on its page: a formula, a table, a file; by keyboard and touch."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gdlib.book import cost_form
from tests.browser.running import answered, on_a_phone, self_hosted  # noqa: F401 (a fixture)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Locator

    from tests.browser.site import Visit

pytestmark = pytest.mark.site
PAGE = "chapters/your-cost.html"
BUTTON = "Survey this cost"
COST = "Your cost: a formula in one line, or a table with a row for each case"


@pytest.fixture(scope="module")
def form(browser: Browser, self_hosted: str) -> Iterator[Locator]:  # noqa: F811
    """Open the page on a phone."""
    with on_a_phone(browser, self_hosted, PAGE) as cell:
        yield cell


def test_a_formula_is_surveyed_by_keyboard_alone(form: Locator) -> None:
    form.get_by_label(COST).focus()
    form.page.keyboard.press("ControlOrMeta+a")
    form.page.keyboard.insert_text("3*x**2 + y**2/2")
    said = answered(form, BUTTON, by="keys")
    # By hand: H = diag(6, 1).
    assert re.search(r"from μ = 1 to L = 6; κ = L/μ = 6\b", said)
    assert "2/L = 0.333" in said
    axes = form.get_by_role("link", name=re.compile("The axes of an ellipse"))
    assert axes.get_attribute("href") == "04-valleys.html#sec-valleys-axes"
    expect(form.locator(".widget")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("four minima", "4 minima"),
        ("rents (a table)", "least squares, with an intercept"),
        ("passed or failed (a table)", "logistic regression, with an intercept"),
    ],
)
def test_an_example_is_a_tap_away(form: Locator, name: str, words: str) -> None:
    assert name in cost_form.EXAMPLES
    form.get_by_role("button", name=name).tap()
    assert words in answered(form, BUTTON, by="tap")


def test_a_file_is_read_where_it_is_with_the_target_that_is_named(form: Locator) -> None:
    text = "y;a;b\n" + "\n".join(f"{2 * k},5;{k};{(-1) ** k}" for k in range(8))
    file = {"name": "t.csv", "mimeType": "text/csv", "buffer": text.encode()}
    form.get_by_label("Or choose its file").set_input_files(file)  # type: ignore[arg-type]
    expect(form.get_by_label(COST)).to_have_value(text)
    form.get_by_label("Of a table: the column to explain").fill("y")
    assert "target “y”, as was said; features “a”, “b”" in answered(form, BUTTON)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "This cost cannot be read:"),
        ("x**", "this is not a formula"),
        ("__import__('os')", "This cost cannot be read:"),
        ("only\n1\n2\n", "This cost cannot be read:"),
    ],
)
def test_what_is_no_cost_is_said_in_words(form: Locator, text: str, words: str) -> None:
    form.get_by_label("Of a table: the column to explain").fill("")
    form.get_by_label(COST).fill(text)
    said = answered(form, BUTTON)
    assert words in said
    assert "Traceback" not in said


def test_a_link_holds_a_formula_and_never_a_table(visit: Callable[..., Visit]) -> None:
    page = visit(f"{PAGE}#gd/your-cost?cost=x**4%20-%20x**2&box=-1,1", at="served").page
    area = page.get_by_label(COST)
    assert area.input_value() == "x**4 - x**2"
    area.fill("a,b\n1,4711\n2,3\n")
    page.wait_for_function("!location.hash.includes('x**4')")
    assert "4711" not in page.url
