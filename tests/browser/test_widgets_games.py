"""Quiz, ProbeHunt and PathPlayer on pages from a folder: answered, hunted, played, remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.site import paint
from tests.browser.widget_site import WIDTHS, fits_and_offends_no_rule, rules_broken

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

QUIZ = r"""gd.Quiz(
    "trial/which",
    r"Where is $J(\theta) = \tfrac12\theta^2$ lowest?",
    [
        gd.Option("Left", "Not there: $J'(0) = 0$."),
        gd.Option("In the middle", "Yes, at $0$.", correct=True),
        gd.Option("Right", "Nor there."),
    ],
)"""
NUMBER = r"""gd.Quiz(
    "trial/number", "How large may the rate be on $5\\theta^2$?", answer=0.2, unit="per unit",
    mistakes={0.1: "That jumps at once."}, explanation="It is $2/L$.", hint="Think of $L$.",
)"""
HUNT = """import sympy as sp
theta = sp.Symbol("theta", real=True)
curves = [
    gd.Landscape(f"valley {c}", (theta - c) ** 2 / 5, [theta], [(0, 10)], start=[5]) for c in (2, 8)
]
gd.ProbeHunt(curves, allowed=4)"""
PLAYER = """bowl = gd.landscapes.quadratic()
runs = {
    "gradient descent": gd.descend(bowl, gd.gradient_descent(0.1), steps=30),
    "mine": [[2, 1], [1, 0.5], [0, 0]],
}
gd.PathPlayer(runs, bowl)"""
CONTACT = """import numpy as np
bowl = gd.landscapes.quadratic()
sizes = np.linspace(0, 2, 21)
square = np.array([(1, 0), (0, 1), (-1, 0), (0, -1)])
gd.PathPlayer(
    {"contact": np.column_stack([sizes, 0 * sizes])},
    bowl,
    notes=[f"t = {t:.1f}: y is exactly 0." for t in sizes],
    outlines={"contact": sizes[:, None, None] * square},
    frame=5,
)"""
WIDGET_PAGES = {
    "index": ["import gdlib as gd"],
    "quiz": ["import gdlib as gd", QUIZ, NUMBER],
    "hunt": ["import gdlib as gd", HUNT],
    "player": ["import gdlib as gd", PLAYER],
    "contact": ["import gdlib as gd", CONTACT],
    "predict": ["import gdlib as gd", QUIZ, PLAYER, PLAYER],
}


def shown(page: Page) -> str:
    """Return the picture."""
    paint(page)
    return str(page.locator("canvas").first.evaluate("c => c.toDataURL()"))


def commit(quiz: Locator) -> None:
    quiz.get_by_role("button", name="Check my answer").click()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["quiz", "hunt", "player", "contact"])
def test_it_stands_fits_and_offends_no_rule(open_widget: Any, name: str, theme: str) -> None:
    page = open_widget(name, width=WIDTHS[0], theme=theme).page
    expect(page.locator(".gdw button").first).to_be_visible()
    fits_and_offends_no_rule(page, theme)


def test_a_quiz_says_nothing_before_the_reader_commits(open_widget: Any) -> None:
    page = open_widget("quiz").page
    quiz = page.locator(".gdw-quiz").first
    assert quiz.locator("math").count() == 1
    assert "Not there" not in quiz.inner_text()
    quiz.get_by_label("Right").check()
    assert "Nor there" not in quiz.inner_text()
    assert quiz.locator(".gdw-right, .gdw-wrong").count() == 0
    commit(quiz)
    expect(quiz.get_by_role("status")).to_contain_text("Nor there")
    assert "at 0" not in quiz.inner_text()


def test_an_answer_starts_the_figure_below_it_and_no_other(open_widget: Any) -> None:
    page = open_widget("predict", motion=True).page
    commit(page.locator(".gdw-quiz"))  # no answer is chosen yet
    players = page.locator(".gdw-transport")
    expect(players.get_by_role("button", name="Pause")).to_have_count(0)
    page.get_by_label("Left").check()
    commit(page.locator(".gdw-quiz"))
    expect(players.first.get_by_role("button", name="Pause")).to_be_attached()
    assert players.last.get_by_role("button", name="Pause").count() == 0


def test_an_answer_moves_nothing_for_a_reader_who_wants_no_motion(open_widget: Any) -> None:
    page = open_widget("predict").page
    page.get_by_label("Left").check()
    commit(page.locator(".gdw-quiz"))
    expect(page.locator(".gdw-said .gdw-wrong")).to_be_visible()
    assert page.get_by_role("button", name="Pause").count() == 0


def test_a_quiz_asks_for_a_choice_first(open_widget: Any) -> None:
    quiz = open_widget("quiz").page.locator(".gdw-quiz").first
    commit(quiz)
    expect(quiz.get_by_role("status")).to_have_text("Choose one of the answers first.")


def test_a_quiz_is_answered_by_keys_and_offends_no_rule_then(open_widget: Any) -> None:
    page = open_widget("quiz", theme="dark").page
    quiz = page.locator(".gdw-quiz").first
    quiz.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(quiz.get_by_role("status")).to_contain_text("Right. Yes, at")
    expect(quiz.locator(".gdw-choice.gdw-right")).to_have_count(1)
    assert not rules_broken(page)


def test_answers_come_back_and_can_be_forgotten(open_widget: Any) -> None:
    page = open_widget("quiz").page
    quiz = page.locator(".gdw-quiz").first
    for name in ("Left", "In the middle"):
        quiz.get_by_label(name).check()
        commit(quiz)
    page.reload()
    expect(quiz.get_by_label("In the middle")).to_be_checked()
    expect(quiz.locator(".gdw-choice.gdw-wrong")).to_have_count(1)
    quiz.get_by_role("button", name="Start again").click()
    expect(quiz.get_by_label("In the middle")).not_to_be_checked()
    page.reload()
    expect(quiz.locator("input:checked")).to_have_count(0)


def test_a_browser_that_keeps_nothing_loses_nothing_else(open_widget: Any) -> None:
    page = open_widget("index").page
    page.add_init_script(
        "for (const name of ['getItem', 'setItem', 'removeItem']) {"
        " const own = Storage.prototype[name];"
        " Storage.prototype[name] = function (key, ...more) {"
        " if (key.startsWith('gdlib/')) throw new DOMException('denied', 'SecurityError');"
        " return own.call(this, key, ...more); }; }"
    )
    page.goto(page.url.replace("index.html", "quiz.html"))
    quiz = page.locator(".gdw-quiz").first
    quiz.get_by_label("Left").check()
    commit(quiz)
    expect(quiz.get_by_role("status")).to_contain_text("Not there")


def test_a_number_is_judged_and_told_at_last(open_widget: Any) -> None:
    page = open_widget("quiz").page
    quiz = page.locator(".gdw-quiz").nth(1)
    field, said = quiz.get_by_label("Your answer"), quiz.get_by_role("status")
    assert not quiz.get_by_role("button", name="Show the answer").is_visible()
    for text, reply in (
        ("a lot", "Write one number"),
        ("1/10", "That jumps at once"),
        ("7", "Think of"),
        ("0.2005", "It is"),
    ):
        field.fill(text)
        field.press("Enter")
        expect(said).to_contain_text(reply)
    quiz.get_by_role("button", name="Start again").click()
    expect(field).to_have_value("")
    field.fill("3")
    field.press("Enter")
    quiz.get_by_role("button", name="Show the answer").click()
    expect(field).to_have_value("0.2")


def test_without_scripts_a_quiz_is_text_that_unfolds(browser: Any, widget_pages: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((widget_pages / "quiz.html").as_uri())
    fold = page.locator(".gd-quiz details").first
    assert not fold.locator("p").is_visible()
    fold.locator("summary").click()
    assert fold.locator("p").is_visible()
    context.close()


def test_a_hunt_by_keys_alone(open_widget: Any) -> None:
    page = open_widget("hunt").page
    fog = shown(page)
    handle = page.get_by_role("button", name="Next probe")
    handle.focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Enter")
    rows = page.locator(".gdw-probes tbody tr")
    expect(rows).to_have_count(1)
    assert rows.first.locator("th").inner_text() == "3.5"
    assert rows.first.locator("td").last.inner_text() == "0.6"
    assert shown(page) != fog
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Enter")
    expect(page.locator(".gdw-score")).to_contain_text("Your lowest probe is")
    assert not handle.is_visible()


def test_a_hunt_by_pointer_then_the_walk_then_another_curve(open_widget: Any) -> None:
    page = open_widget("hunt", width=390, motion=True).page
    canvas = page.locator("canvas").first
    for x in (80, 120, 200):
        canvas.click(position={"x": x, "y": 60})
    expect(page.locator(".gdw-probes tbody tr")).to_have_count(3)
    page.get_by_role("button", name="Lift the fog").click()
    before = shown(page)
    page.get_by_role("button", name="Watch gradient descent play").click()
    expect(page.locator(".gdw-score")).to_contain_text("after 4 gradients", timeout=5000)
    assert shown(page) != before
    assert not rules_broken(page)
    page.get_by_role("button", name="New curve").click()
    expect(page.locator(".gdw-count")).to_have_text("Hidden curve 2 of 2 · 4 probes left")


def test_a_hunt_is_in_its_link(open_widget: Any) -> None:
    page = open_widget("hunt#gd/probehunt-1?curve=2&probes=1,9").page
    expect(page.locator(".gdw-count")).to_have_text("Hidden curve 2 of 2 · 2 probes left")
    page.get_by_role("button", name="Probe here").click()
    page.wait_for_url("**probes=1,9,9")
    broken = open_widget("hunt#gd/probehunt-1?probes=1,99").page
    expect(broken.locator(".gdw-note")).to_be_visible()
    expect(broken.locator(".gdw-count")).to_contain_text("4 probes left")


def test_a_player_plays_scrubs_and_links(open_widget: Any) -> None:
    page = open_widget("player#gd/pathplayer-1?frame=1", motion=True).page
    first = page.locator(".gdw-table tbody tr").first
    second = page.locator(".gdw-table tbody tr").nth(1)
    expect(second.locator("td").nth(1)).to_have_text("(1, 0.5)")
    at_one = shown(page)
    page.get_by_role("slider", name="Step").press("ArrowRight")
    expect(first.locator("td").first).to_have_text("2")
    expect(second.locator("td").nth(1)).to_have_text("(0, 0)")
    assert shown(page) != at_one
    page.wait_for_url("**frame=2")
    page.get_by_role("combobox", name="Speed").select_option("4")
    page.get_by_role("button", name="Play").click()
    expect(first.locator("td").first).to_have_text("30", timeout=8000)
    expect(second.locator("td").first).to_have_text("2")
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("button", name="Back to the start").click()
    expect(first.locator("td").nth(1)).to_have_text("(2, 1)")


def test_a_player_says_what_there_is_at_each_moment_and_moves_its_outline(open_widget: Any) -> None:
    page = open_widget("contact").page
    words = page.locator(".gdw-words")
    expect(words).to_have_text("t = 0.5: y is exactly 0.")
    at_five = shown(page)
    page.get_by_role("slider", name="Frame").press("ArrowRight")
    expect(words).to_have_text("t = 0.6: y is exactly 0.")
    assert shown(page) != at_five
    expect(page.get_by_role("columnheader", name="frame")).to_be_visible()
    page.get_by_role("button", name="Back to the start").click()
    expect(words).to_have_text("t = 0.0: y is exactly 0.")
