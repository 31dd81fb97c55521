"""The page of claims on trial: judged by key and pointer, filtered, without scripts, on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.site import SITE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Locator, Page

    from tests.browser.site import Visit

pytestmark = pytest.mark.site
CLAIMS = "chapters/claims.html"
VERDICTS = ("holds", "holds when", "does not hold")


def of(page: Page, verdict: str) -> Locator:
    return page.locator(f'.gd-claim[data-verdict="{verdict}"]').first


def rightly(claim: Locator) -> list[bool]:
    """Return where the claim holds, as its hidden table says."""
    cells = claim.locator("tbody td:last-child").all_text_contents()
    return [words == "holds" for words in cells]


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_verdict_is_placed_value_by_value_and_answered_with_why(
    visit: Callable[..., Visit], verdict: str
) -> None:
    page = visit(CLAIMS).page
    claim = of(page, verdict)
    trial, said = claim.locator(".gd-trial"), claim.locator(".gd-guess [role=status]")
    expect(trial).to_be_hidden()
    right = rightly(claim)
    values = claim.locator(".gd-values").get_by_role("button")
    expect(values).to_have_count(len(right))
    for button, holds in zip(values.all(), right, strict=True):
        if holds:
            button.click()
    judge = claim.locator(".gd-judge")
    told = "all of them" if all(right) else f"{sum(right)} of these {len(right)}"
    expect(judge).to_have_text(f"My verdict: it holds at {told if any(right) else 'none of them'}")
    judge.click()
    expect(trial).to_be_visible()
    expect(said).to_contain_text(f"You placed all {len(right)} values rightly.")
    expect(said.locator(".gd-ruling")).to_be_visible()
    other = page.locator('.gd-claim[data-verdict="holds when"]').nth(5)
    wrong = rightly(other)
    other.locator(".gd-judge").click()
    expect(other.locator(".gd-guess [role=status]")).to_contain_text(
        f"You placed {wrong.count(False)} of {len(wrong)} values rightly: it does hold at "
    )
    expect(page.locator(".gd-claims-filter [role=status]")).to_have_text(
        f"You have judged 2 of 40 claims, and {len(right) + wrong.count(False)}"
        f" of their {len(right) + len(wrong)} values rightly."
    )


def test_no_guess_that_is_always_the_same_is_nearly_always_right(
    visit: Callable[..., Visit],
) -> None:
    """Else a reader could judge without thinking: nowhere, or the lower or the upper half."""
    places = [
        (holds, 2 * i >= len(one))
        for one in map(rightly, visit(CLAIMS).page.locator(".gd-claim").all())
        for i, holds in enumerate(one)
    ]
    everywhere = sum(holds for holds, _ in places) / len(places)
    upper = sum(holds == half for holds, half in places) / len(places)
    assert all(0.4 < right < 0.6 for right in (everywhere, upper)), (everywhere, upper)


def test_the_place_where_the_verdict_flips_is_found_by_key(visit: Callable[..., Visit]) -> None:
    page = visit(CLAIMS).page
    claim = page.locator(
        "#claim-too-large .gd-claim, section:has(> #claim-too-large) .gd-claim"
    ).first
    claim.get_by_role("button", name="1.9", exact=True).focus()
    page.keyboard.press("Space")
    expect(claim.locator(".gd-judge")).to_have_text("My verdict: it holds at 1 of these 6")
    claim.locator(".gd-judge").focus()
    page.keyboard.press("Enter")
    expect(claim.locator(".gd-guess [role=status]")).to_contain_text(
        "3 of 6 values rightly: it does hold at 2.1, 2.5; it fails at 1.9."
    )
    slider, said = claim.get_by_role("slider"), claim.locator(".gd-move [role=status]")
    slider.focus()
    page.keyboard.press("Home")
    expect(said).to_contain_text("times L: 0.5;")
    expect(said).to_contain_text("Here the claim fails.")
    place = claim.locator(".gd-at").get_attribute("transform")
    for value in ("1", "1.5", "1.9"):
        page.keyboard.press("ArrowRight")
        expect(said).to_contain_text(f"times L: {value};")
        expect(said).to_contain_text("Here the claim fails.")
    page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("times L: 2.1;")
    expect(said).to_contain_text("Here the claim holds.")
    assert claim.locator(".gd-at").get_attribute("transform") != place


def test_the_filter_shows_claims_of_one_verdict_and_one_part(visit: Callable[..., Visit]) -> None:
    page = visit(CLAIMS).page
    shown = page.locator(".gd-claim:visible")
    expect(shown).to_have_count(40)
    page.get_by_label("Verdict").select_option("does not hold")
    expect(page.locator('.gd-claim[data-verdict="does not hold"]:visible')).to_have_count(
        shown.count()
    )
    assert 0 < shown.count() < 40
    page.get_by_label("Verdict").select_option("")
    page.get_by_label("Part").select_option(index=1)
    part = page.get_by_label("Part").input_value()
    assert 0 < shown.count() < 40
    assert {c.get_attribute("data-part") for c in shown.all()} == {part}
    expect(page.locator(".gd-claims-filter [role=status]")).to_have_text(
        f"{shown.count()} of 40 claims are shown."
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_verdicts_in_sight_have_no_accessibility_violation(
    visit: Callable[..., Visit], theme: str
) -> None:
    page = visit(CLAIMS, theme=theme).page
    page.get_by_role("button", name="Show all verdicts").click()
    expect(page.locator(".gd-trial:visible")).to_have_count(40)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["target"]) for one in found] == []


def test_nothing_is_wider_than_a_small_phone(visit: Callable[..., Visit]) -> None:
    page = visit(CLAIMS, width=320).page
    page.get_by_role("button", name="Show all verdicts").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    cut = """(charts) => charts.filter((chart) => {
      const box = chart.closest('.gd-claim').getBoundingClientRect();
      return [...chart.querySelectorAll('text')].some((text) => {
        const { left, right } = text.getBoundingClientRect();
        return left < box.left || right > box.right;
      });
    }).map((chart) => chart.closest('section').id)"""
    assert page.eval_on_selector_all(".gd-claim svg", cut) == []


def test_without_scripts_every_verdict_is_there(browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((SITE / CLAIMS).as_uri())
    assert page.locator(".gd-ruling:visible").count() == 40
    assert page.locator(".gd-claim svg:visible").count() == 40
    assert page.locator(".gd-claims-filter:visible").count() == 0
    context.close()


def test_on_paper_the_verdicts_are_there_and_the_questions_are_not(
    visit: Callable[..., Visit],
) -> None:
    page = visit(CLAIMS).page
    page.emulate_media(media="print")
    expect(page.locator(".gd-ruling:visible")).to_have_count(40)
    expect(page.locator(".gd-guess button:visible")).to_have_count(0)


def test_every_claims_chapter_leads_to_it(visit: Callable[..., Visit]) -> None:
    page = visit(CLAIMS).page
    taught = page.eval_on_selector_all(
        "section:has(> .gd-claim)",
        "(all) => all.map((one) => [one.querySelector('a[href*=sec-]').href,"
        " one.querySelector('h3').textContent])",
    )
    assert len(taught) == 40
    for chapter in sorted({address.partition("#")[0] for address, _ in taught}):
        page.goto(chapter)
        lines = page.locator(
            "p", has=page.locator("strong", has_text="On trial:")
        ).all_inner_texts()
        for address, title in taught:
            if address.startswith(chapter):
                says = title.removesuffix("#").strip().removesuffix(".")
                assert any(says in line for line in lines), (chapter, says)
