"""The workbench on its page: typed, tapped, from a link; on a phone, by keyboard and touch."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.running import answered, on_a_phone, self_hosted  # noqa: F401 (a fixture)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Locator, Page

    from tests.browser.site import Visit

pytestmark = pytest.mark.site
PAGE = "chapters/workbench.html"
BUTTON = "Race this rule"
RULE = "Your rule: a line for each quantity, the step last"


@pytest.fixture(scope="module")
def form(browser: Browser, self_hosted: str) -> Iterator[Locator]:  # noqa: F811
    """Open the page on a phone."""
    with on_a_phone(browser, self_hosted, PAGE) as cell:
        yield cell


def lion(page: Page) -> Locator:
    """Return the form's box, not the figure's."""
    return page.get_by_role("checkbox", name="Lion", exact=True)


def test_a_rule_is_typeset_raced_and_printed_by_keyboard_alone(form: Locator) -> None:
    page = form.page
    form.get_by_label(RULE).focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text("v = 0.5*v + g\nstep = -0.1*v")
    said = answered(form, BUTTON, by="keys")
    assert "your rule on Beale" in said
    assert "your rule has no learning rate η" in said
    expect(form.locator("math").first).to_be_visible()
    expect(form.get_by_role("img", name=re.compile("^The cost J against"))).to_be_visible()
    torch = form.get_by_text("PyTorch", exact=True)
    torch.focus()
    page.keyboard.press("Enter")
    assert "class YourRule(torch.optim.Optimizer):" in form.inner_text()


def test_an_example_is_a_tap_away_and_moves_under_the_finger(form: Locator) -> None:
    form.get_by_role("button", name="sign descent").tap()
    assert "press Race" in form.locator(".gd-form [role=status]").inner_text()
    form.get_by_role("checkbox", name="momentum", exact=True).tap()
    said = answered(form, BUTTON, by="tap")
    assert re.search(r"\bmomentum\s+0\.\d+\s+tuned", said)
    assert form.locator(".gd-form [role=status]").inner_text() == ""
    step = form.get_by_role("slider", name="Step", exact=True)
    before = form.locator(".widget").inner_text()
    step.fill("3")
    expect(form.locator(".widget")).not_to_have_text(before)


def test_a_formula_of_ones_own_in_its_box(form: Locator) -> None:
    form.get_by_label("Race it on").select_option("formula")
    form.get_by_label("Its formula").fill("x**4 + 3*y**2 + x*y")
    form.get_by_label("Its box, from and to").fill("−2, 2")
    form.get_by_label("Tune every rule’s rate first").set_checked(False)
    said = answered(form, BUTTON)
    assert "x**4 + x*y + 3*y**2" in said
    assert "nothing was tuned" in said


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("m = 0.9*m + g\nstep = -eta*q", "line 2, column 13: q has neither a line nor a number"),
        ("", "the text of a rule holds lines like"),
        ("step = __import__('os').system('x')", "line 1, column"),
        ('"""\nstep = -g', "line 1, column"),
    ],
)
def test_what_is_no_rule_is_told_by_its_column(form: Locator, rule: str, words: str) -> None:
    form.get_by_label(RULE).fill(rule)
    said = answered(form, BUTTON)
    assert f"This cannot be raced: {words}" in said
    assert "Traceback" not in said


def test_a_link_opens_the_same_form_and_runs_nothing(visit: Callable[..., Visit]) -> None:
    first = visit(PAGE, at="served").page
    hostile = "step = __import__('os').system('true')"
    first.get_by_label(RULE).fill(hostile)
    first.get_by_label("Race it on").select_option("problem:two_clouds")
    lion(first).check()
    first.wait_for_function("location.hash.includes('workbench')")
    link = first.url.partition("#")[2]
    assert quote("__import__") in link
    second = visit(f"{PAGE}#{link}", at="served").page
    assert second.get_by_label(RULE).input_value() == hostile
    assert second.get_by_label("Race it on").input_value() == "problem:two_clouds"
    assert lion(second).is_checked()
    assert "press Race" in second.locator(".gd-form [role=status]").inner_text()
    expect(second.get_by_text("your rule on Beale")).to_be_visible()  # what was built stands


def test_a_link_to_the_figure_and_one_to_the_form_keep_each_other(
    visit: Callable[..., Visit],
) -> None:
    page = visit(f"{PAGE}#gd/descentexplorer-1?steps=50", at="served").page
    lion(page).check()
    page.wait_for_function("location.hash.includes('workbench')")
    assert "descentexplorer-1?" in page.url
    lion(page).uncheck()
    page.wait_for_function("!location.hash.includes('workbench')")
    assert "descentexplorer-1?" in page.url


def test_a_link_that_the_form_cannot_hold_changes_nothing(visit: Callable[..., Visit]) -> None:
    page = visit(f"{PAGE}#gd/workbench?steps=7&on=nowhere", at="served").page
    assert "This link" in page.locator(".gd-form [role=status]").inner_text()
    assert page.locator("[name=steps]").input_value() == "200"
