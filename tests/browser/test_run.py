"""Code that runs where it stands: one chapter in full, and what a page does where it may not.

All chapters' cells run in tests/cells, which `make cells` asks for: too long for every change.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from gdlib.book.live_code import LOCK, MEGABYTES, START, WORKER
from tests.browser import running
from tests.browser.running import CDN, PATIENCE, PYODIDE, Running, SelfHosted, self_hosting
from tests.browser.site import ROOT, SITE, Visit
from tests.browser.widget_site import rules_broken
from tests.pyodide import needed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

pytestmark = pytest.mark.site
FIRST = "chapters/01-walking-downhill.html"
README = (ROOT / "README.md").read_text(encoding="utf-8")


class _Strict(SelfHosted):
    """The policies that README.md tells hosts, for pages and for the worker."""

    def end_headers(self) -> None:
        """Send one with every file."""
        pages, worker = re.findall(r"^Content-Security-Policy: (.*)$", README, re.MULTILINE)
        mine = worker if self.path.endswith(WORKER) else pages
        self.send_header("Content-Security-Policy", mine)
        super().end_headers()


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the site as README.md asks of hosts, Pyodide's files in it."""
    with self_hosting(_Strict, tmp_path_factory.mktemp("run")) as address:
        yield address


@pytest.fixture(scope="module")
def chapter(browser: Browser, strict: str) -> Iterator[Running]:
    """Open chapter 1 on a phone, under the policy; nothing may be asked of another host."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    visit = Visit(context, strict, FIRST)
    yield Running(visit.page)
    assert visit.strangers == []
    context.close()


def test_the_first_press_starts_python_and_runs_what_stands_above(chapter: Running) -> None:
    cell = chapter.cell(13)
    before = chapter.output(cell)
    assert "1.34" in before
    cell.locator(".cell_output").evaluate("place => place.replaceChildren()")
    chapter.press(cell)
    expect(cell.locator(".gd-run-status")).to_have_text(
        re.compile(rf"^Loading Python into your browser: {MEGABYTES} MB.*, once \(\d+ s\)…$")
    )
    expect(cell.locator(".gd-run-status")).to_have_text(re.compile(r"^Done in"), timeout=PATIENCE)
    assert chapter.output(cell) == before
    assert chapter.page.locator(".gd-cell-4 .cell_output figcaption").count() == 1
    assert chapter.page.locator(".gd-cell-2 .cell_output .gdw").count() == 1


def test_the_next_page_finds_what_python_has_compiled(chapter: Running) -> None:
    cell = chapter.cell(0)
    assert chapter.run(cell).startswith("Done in")
    chapter.page.wait_for_function("caches.has('gdlib-bytecode')", timeout=PATIENCE)
    following = chapter.page.context.new_page()
    following.goto(chapter.page.url)
    again = Running(following)
    asked = again.cell(0)
    again.write(asked, "import sympy\nprint(open(sympy.__cached__, 'rb').read(16)[4:].hex())")
    assert again.run(asked).startswith("Done in")
    assert again.output(asked) == f"01{0:022d}"  # right whatever the source's time (PEP 552)
    following.close()


def test_an_exercise_is_written_run_judged_and_put_back(chapter: Running) -> None:
    cell = chapter.cell("walking-downhill/walk")
    own = cell.locator(".cell_input pre").inner_text()
    wrong = (
        "def walk(cost, slope, theta, eta, steps):\n    costs = []\n"
        "    for _ in range(steps):\n        theta = theta + eta * slope(theta)\n"
        "        costs.append(cost(theta))\n    return theta, costs\n\n"
        'gd.check("walking-downhill/walk", walk)'
    )
    chapter.write(cell, wrong)
    assert chapter.run(cell).startswith("Done in")
    expect(cell.locator(".cell_output")).to_contain_text("✗")
    chapter.write(cell, wrong.replace("theta + eta", "theta - eta"))
    assert chapter.run(cell).startswith("Done in")
    expect(cell.locator(".cell_output")).to_contain_text("✓")
    kept = chapter.page.evaluate("JSON.parse(localStorage.getItem('gdlib/progress'))")
    assert kept["exercises"]["walking-downhill/walk"] == "right"
    chapter.button(cell, "Reset").click()
    assert cell.locator(".cm-content").inner_text().split() == own.split()
    expect(cell.locator(".cell_output")).to_contain_text("not started")


def test_an_exercise_with_a_form_shows_what_its_code_gives(chapter: Running) -> None:
    """The form hides the stored output, which says the same; not what a run says."""
    cell = chapter.cell("walking-downhill/first-step")
    output = cell.locator(".cell_output")
    expect(output).to_be_hidden()
    chapter.write(cell, 'gd.check("walking-downhill/first-step", 2.4)')
    assert chapter.run(cell).startswith("Done in")
    expect(output).to_be_visible()
    expect(output).to_contain_text("✓")
    chapter.button(cell, "Reset").click()
    expect(output).to_be_hidden()


def test_the_check_of_a_loop_without_an_end_has_the_time_limit_of_a_notebook(
    chapter: Running,
) -> None:
    cell = chapter.cell("walking-downhill/hunt")
    chapter.write(
        cell, 'def hunt(look):\n    while True: pass\n\ngd.check("walking-downhill/hunt", hunt)'
    )
    assert chapter.run(cell).startswith("Done in")
    expect(cell.locator(".cell_output")).to_contain_text("still running after 2 s")


def test_stop_ends_a_loop_without_an_end_and_keeps_what_was_typed(chapter: Running) -> None:
    cell = chapter.cell("walking-downhill/warehouse")
    chapter.write(cell, "while True:\n    pass")
    chapter.press(cell)
    chapter.button(cell, "Stop").click()
    expect(cell.locator(".gd-run-status")).to_have_text(
        "Stopped. The next run starts Python afresh."
    )
    expect(cell.locator(".cm-content")).to_contain_text("while True")
    chapter.write(cell, "print(6 * 7)")
    assert chapter.run(cell).startswith("Done in")
    assert chapter.output(cell) == "42"


def test_stop_ends_what_prints_without_an_end_and_all_that_waits(chapter: Running) -> None:
    cell, other = chapter.cell("walking-downhill/warehouse"), chapter.cell("walking-downhill/hunt")
    chapter.write(cell, "step = 0\nwhile True:\n    step += 1\n    print('step', step)")
    chapter.press(cell)
    expect(cell.locator(".cell_output")).to_contain_text("is not shown", timeout=PATIENCE)
    chapter.button(cell, "Run").click()  # in vain: it runs
    chapter.button(other, "Run").click()
    expect(other.locator(".gd-run-status")).to_have_text("Waiting for the cell that runs…")
    chapter.button(cell, "Stop").focus()
    chapter.page.keyboard.press("Enter")
    expect(cell.locator(".gd-run-status")).to_have_text(
        "Stopped. The next run starts Python afresh."
    )
    expect(other.locator(".gd-run-status")).to_have_text("Stopped before it ran.")
    expect(chapter.button(cell, "Run")).to_be_focused()
    expect(chapter.button(cell, "Stop")).to_be_hidden()


def test_a_cell_above_that_fails_is_named(chapter: Running) -> None:
    above, cell = chapter.cell(0), chapter.cell(4)
    chapter.write(above, "import torch")
    chapter.button(cell, "Run").click()
    said = cell.locator(".gd-run-status")
    expect(said).to_have_text("A cell above stopped at an error: go there.", timeout=PATIENCE)
    expect(above.locator(".gd-run-status")).to_have_text("Stopped at an error.")
    expect(above.locator(".cell_output")).to_contain_text("take the chapter’s notebook")
    address = said.get_by_role("link").get_attribute("href")
    assert above.evaluate("(cell, address) => cell.matches(address)", address)
    chapter.button(above, "Reset").click()


def test_python_knows_that_it_is_on_a_page(chapter: Running) -> None:
    cell = chapter.cell("walking-downhill/warehouse")
    chapter.write(cell, "print(gd.progress().kept)\ninput('Name? ')")
    assert chapter.run(cell).startswith("Stopped at an error.")
    assert "see “Where you are”" in chapter.output(cell)
    assert "input() does not work on this page" in chapter.output(cell)


def test_what_was_typed_is_there_again(visit: Callable[..., Visit]) -> None:
    visited = visit(FIRST, at="served")
    cell = Running(visited.page).cell("walking-downhill/hunt")
    Running(visited.page).write(cell, "mine = 1")
    visited.page.reload()
    expect(cell.locator(".gd-run-said")).to_have_text("You have written here: press Edit to go on.")
    again = Running(visited.page)
    again.button(cell, "Edit").click()
    expect(cell.locator(".cm-content")).to_have_text("mine = 1")
    again.button(cell, "Reset").click()
    visited.page.reload()
    expect(cell.locator(".gd-run-said")).to_have_text("")


def test_an_error_is_shown_and_its_line_is_marked(chapter: Running) -> None:
    cell = chapter.cell("walking-downhill/warehouse")
    chapter.write(cell, "one = 1\none / 0\nprint(one)")
    assert chapter.run(cell).startswith("Stopped at an error.")
    expect(cell.locator(".cell_output")).to_contain_text("ZeroDivisionError: division by zero")
    assert cell.locator(".gd-error-line").all_inner_texts() == ["one / 0"]
    cell.locator(".cm-content").click()
    chapter.page.keyboard.type(" ")  # another text may have no error
    expect(cell.locator(".gd-error-line")).to_have_count(0)


def test_outputs_of_every_kind_are_shown(chapter: Running) -> None:
    cell = chapter.cell("walking-downhill/warehouse")
    code = r"""
from IPython.display import HTML, Math, display
import matplotlib.pyplot as plt, sympy as sp
display(Math(r"\frac{1}{2}"))
shown = display(HTML("<b>first</b>"), display_id=True)
shown.update(HTML("<i>second</i><script>document.title = 'run'</script>"))
print("a" + chr(13) + "b")
plt.plot([1, 2]); plt.show()
gd.plotting.contours(plt.figure().add_subplot(), gd.landscapes.himmelblau()); plt.show()
sp.Symbol("alpha") ** 2
"""
    chapter.write(cell, code.strip())
    assert chapter.run(cell).startswith("Done in")
    output = cell.locator(".cell_output")
    assert output.locator("mfrac").count() == 1
    assert output.locator("b").count() == 0
    assert output.locator("i").inner_text() == "second"
    assert output.locator(".stream").inner_text().strip() == "b"
    assert output.locator("picture").count() == 2
    assert output.locator("picture source[data-dark]").count() == 1  # a map, not a chart
    assert output.locator("msup").count() == 1
    assert chapter.page.title() != "run"


def test_a_widget_made_on_the_page_moves_pythons_trait_and_back(chapter: Running) -> None:
    page = chapter.page
    maker, asker = chapter.cell("walking-downhill/walk"), chapter.cell("walking-downhill/hunt")
    chapter.write(maker, "line = gd.DescentLine(mountain, plain, steps=40)\nline")
    assert chapter.run(maker).startswith("Done in")
    output = maker.locator(".cell_output")
    rate = output.get_by_role("textbox", name="learning rate, as a number")
    rate.fill("0.25")
    rate.press("Enter")
    chapter.write(asker, "print(line.learning_rate)\nline.learning_rate = 0.4")
    assert chapter.run(asker).startswith("Done in")
    assert chapter.output(asker) == "0.25"
    expect(rate).to_have_value("0.4")
    ink = "element => getComputedStyle(element).color"
    assert rate.evaluate(ink) == page.locator("body").evaluate(ink)


def test_the_editor_is_left_by_keyboard(chapter: Running) -> None:
    cell = chapter.cell("walking-downhill/hunt")
    chapter.write(cell, "print(1)")
    editor = cell.locator(".cm-content")
    chapter.page.keyboard.press("Tab")
    expect(editor).to_be_focused()
    chapter.page.keyboard.press("Escape")
    chapter.page.keyboard.press("Tab")
    expect(editor).not_to_be_focused()


def test_a_page_with_editors_and_outputs_has_no_barrier_and_fits_a_phone(chapter: Running) -> None:
    cell = chapter.cell("walking-downhill/warehouse")
    chapter.write(cell, "print(1)\n1 / 0")
    assert chapter.run(cell).startswith("Stopped at an error.")
    assert rules_broken(chapter.page) == ""
    for width in (390, 320):
        chapter.page.set_viewport_size({"width": width, "height": 844})
        assert chapter.page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_is_asked_of_the_public_address_before_the_press(
    browser: Browser, served: str, tmp_path: Path
) -> None:
    """Its files, and so their hashes in the lock, are those that the tests have."""
    lock = running.with_pyodide(tmp_path, CDN) / LOCK
    context = browser.new_context()
    asked = running.route_public(context, served, lock)
    page = context.new_page()
    page.goto(served + FIRST)
    chapter = Running(page)
    host = urlsplit(CDN).hostname
    expect(page.locator(".gd-run-said").filter(has_text=f"from {host}, once.")).to_have_count(1)
    assert asked == []
    assert chapter.run(chapter.cell(0)).startswith("Done in")
    assert asked
    assert all(url.startswith(CDN) for url in asked)
    context.close()


def test_what_a_first_run_loads_is_as_much_as_the_page_says() -> None:
    """In bytes as they lie; a host that packs them sends less."""
    running.needs_pyodide()
    ours = SITE / "_static" / "run"
    known = json.loads((ours / LOCK).read_text(encoding="utf-8"))["packages"]
    held = json.loads((PYODIDE / LOCK).read_text(encoding="utf-8"))["packages"]
    packed = {one["name"]: PYODIDE / one["file_name"] for one in held.values()}
    core = [file for file in PYODIDE.iterdir() if file.suffix != ".whl" and file.name != LOCK]
    loaded = [known[name] for name in needed(known, START)]
    files = [packed[one["name"]] for one in loaded if CDN in one["file_name"]]
    assert len(files) > 20
    files += [*core, *ours.glob("*.whl"), ours / "run.mjs", ours / WORKER, ours / LOCK]
    assert sum(file.stat().st_size for file in files) / 1e6 == pytest.approx(MEGABYTES, abs=1)


def test_from_a_folder_a_press_says_what_to_do(visit: Callable[..., Visit]) -> None:
    chapter = Running(visit(FIRST).page)
    cell = chapter.cell(13)
    chapter.button(cell, "Run").click()
    expect(cell.locator(".gd-run-said")).to_contain_text("python -m http.server")


def test_without_a_connection_the_page_says_so_and_stays(
    visit: Callable[..., Visit],
) -> None:
    opened = visit(FIRST, at="served")  # which admits no other host
    chapter = Running(opened.page)
    cell = chapter.cell(13)
    before = chapter.output(cell)
    assert chapter.run(cell).startswith("Python could not be loaded")
    assert chapter.output(cell) == before
    assert all(url.startswith(CDN) for url in opened.strangers)


def test_the_buttons_can_be_pressed_with_a_finger(visit: Callable[..., Visit]) -> None:
    page = visit(FIRST, width=390).page
    heights = page.locator(".gd-run button").evaluate_all("all => all.map((e) => e.offsetHeight)")
    assert min(filter(None, heights)) >= 36
