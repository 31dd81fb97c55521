"""What readers' addresses, missing WebGL and broken states do to a figure: words, or nothing."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser import widget_site
from tests.browser.figures import KINDS, figure, page_of
from tests.browser.site import SITE, Visit, launch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

# --- addresses ----------------------------------------------------------------------------------

WORDS = ("constructor", "__proto__", "toString", "hasOwnProperty", "valueOf", "NaN", "")
RACE = ("on", "start", "steps", "step", "run", "focus", "gradient-descent.learning_rate")
PARAMETERS = {
    "basinmap": RACE,
    "batchrace": ("b", "rate", "epochs", "seed", "rows", "plan", "start", "at"),
    "contourellipse": ("tilt", "condition", "steepest", "rate", "start", "steps", "step"),
    "decisionboundary": ("rate", "seed", "steps", "step"),
    "descentexplorer": (*RACE, "view", "show_gradient", "show_terms"),
    "descentline": (*RACE, "show_tangent"),
    "digitpad": ("ink",),
    "edgeofstability": ("rate", "width", "depth", "seed"),
    "itemmap": ("person", "answers", "item", "turn"),
    "momentummap": ("rule", "rate", "decay", "condition", "steps", "chart"),
    "newtonline": ("curve", "start", "steps", "step", "damped"),
    "pathplayer": ("frame",),
    "probehunt": ("curve", "probes", "fog", "walked"),
    "quiz": (),
    "turnedbowl": ("angle", "rule", "step"),
    "textsampler": ("rule", "step", "beginning", "seed"),
    "wordneighbours": ("word", "by", "number"),
    "worstcase": ("steps",),
}

FOLLOW = """async ([id, queries]) => {
  const failed = [];
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  for (const query of queries) {
    const heard = new Promise((done) => addEventListener("hashchange", done, { once: true }));
    location.hash = `#gd/${id}?${query}`;
    await heard;
    await frame();
    await frame();
    if (document.querySelector(".gdw-failure")) { failed.push(query); break; }
  }
  return failed;
}"""


def queries(kind: str) -> list[str]:
    """Return every parameter with every word, and every word as a parameter."""
    pairs = [(name, word) for name in (*PARAMETERS[kind], *WORDS) for word in WORDS]
    return [f"{name}={word}" for name, word in pairs] + [f"{name}" for name in WORDS if name]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Any]:
    """Return a function that opens a page of the site from its folder."""
    contexts: list[BrowserContext] = []

    def open_page(name: str, base: str = SITE.as_uri() + "/") -> Visit:
        context = browser.new_context(
            viewport={"width": 1280, "height": 1000}, reduced_motion="reduce"
        )
        contexts.append(context)
        return Visit(context, base, name)

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.site
@pytest.mark.parametrize("kind", KINDS)
def test_a_word_that_every_object_has_is_no_choice(opened: Any, kind: str) -> None:
    visit = opened(page_of(kind))
    figure(visit.page, kind)
    assert visit.page.evaluate(FOLLOW, [f"{kind}-1", queries(kind)]) == []
    assert visit.complaints == []


@pytest.mark.site
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "quiz"])
def test_such_a_word_in_the_link_that_opens_the_page_is_answered_in_words(
    opened: Any, kind: str
) -> None:
    visit = opened(f"{page_of(kind)}#gd/{kind}-1?{PARAMETERS[kind][0]}=constructor")
    note = visit.page.locator(f"#{kind}-1 .gdw-note:visible")
    expect(note).to_contain_text("not one this figure")
    assert visit.page.locator(".gdw-failure").count() == 0
    assert visit.complaints == []


# --- runs that do not move ------------------------------------------------------------------------

NO_NUMBER = re.compile(r"NaN|\(\)|undefined|Infinity|step −1|−1 steps")


@pytest.mark.site
def test_a_start_on_the_tip_of_ackleys_bowl_has_words(opened: Any) -> None:
    page = opened(f"{page_of('descentexplorer')}#gd/descentexplorer-1?on=ackley&start=0,0").page
    found = figure(page, "descentexplorer")
    expect(found.locator(".gdw-readouts dd").first).to_have_text("(0, 0)")
    text = found.inner_text()
    assert not NO_NUMBER.search(text), text
    assert re.search("stays at its start|cannot start", text)


@pytest.mark.site
def test_a_start_at_a_saddle_says_that_it_stays_there(opened: Any) -> None:
    page = opened(f"{page_of('descentexplorer')}#gd/descentexplorer-1?on=saddle&start=0,0").page
    found = figure(page, "descentexplorer")
    expect(found.locator(".gdw-endings li").first).to_contain_text(
        "stays at its start (0, 0), a saddle"
    )


# --- a small book, whose states can be broken -----------------------------------------------------

LOGARITHM = (
    "gd.DescentLine(gd.Landscape.parse('x - log(x)', bounds=((0.1, 4),), start=(2,)),"
    " gd.gradient_descent(0.1))"
)
WIDGET_PAGES = {
    "index": ["import gdlib as gd"],
    "linked": ["import gdlib as gd", widget_site.EXPLORER, "explorer", widget_site.LINE],
    "logarithm": ["import gdlib as gd", LOGARITHM],
    "short": ["import gdlib as gd", "gd.DecisionBoundary(steps=20)"],
}


def test_a_run_that_cannot_start_says_so(opened: Any, widget_pages: Path) -> None:
    visit = opened("logarithm.html#gd/descentline-1?start=-1", widget_pages.as_uri() + "/")
    found = figure(visit.page, "descentline")
    expect(found.locator(".gdw-endings li")).to_contain_text("cannot start")
    expect(found.locator(".gdw-words").first).to_have_text("No step can be taken from (−1).")
    assert not NO_NUMBER.search(found.inner_text())
    handle = found.locator(".gdw-handle")
    handle.press("ArrowRight")  # back within the bounds
    expect(found.locator(".gdw-endings li")).not_to_contain_text("cannot start")
    assert visit.complaints == []


def break_state(folder: Path, name: str, change: Any) -> str:
    """Write the linked page with another state of its first figure; return its name."""
    text = (folder / "linked.html").read_text(encoding="utf-8")
    found = re.search(r'id="gd-state-descentexplorer-1">(.*?)</script>', text)
    assert found
    state = json.loads(found[1])
    text = text.replace(found[1], change(state).replace("<", "\\u003c"))
    (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return f"{name}.html"


def _without(name: str) -> Any:
    return lambda state: json.dumps({k: v for k, v in state.items() if k != name})


BROKEN = {
    "cut": lambda state: json.dumps(state)[:99],
    "not-a-number": lambda state: json.dumps({**state, "start": [float("nan"), 1]}),
    "null": lambda _: "null",
    "word": lambda _: '"constructor"',
    "empty": lambda _: "{}",
    "unknown": lambda state: json.dumps({**state, "_kind": "constructor"}),
    "elsewhere": lambda state: json.dumps({**state, "landscape": "nowhere"}),
    "without-programs": _without("_programs"),
    "without-optimizers": _without("optimizers"),
    "no-formula": lambda state: json.dumps(
        {**state, "_programs": json.loads(re.sub("theta_0", "(", json.dumps(state["_programs"])))}
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_figure_with_a_broken_state_shows_its_still_picture_and_stops_no_other(
    opened: Any, widget_pages: Path, name: str
) -> None:
    visit = opened(break_state(widget_pages, name, BROKEN[name]), widget_pages.as_uri() + "/")
    page = visit.page
    for place in ("descentexplorer-1", "descentexplorer-2"):
        found = page.locator(f"#{place}")
        expect(found.locator(".gdw-failure")).to_contain_text("the still figure")
        expect(found.locator(".gd-still img")).to_be_visible()
        assert found.locator(".gd-still img").evaluate("image => image.naturalWidth") > 0
    line = figure(page, "descentline")
    expect(line.locator(".gdw-regime")).to_be_visible()
    expect(line.locator(".gd-still")).to_be_hidden()
    before = line.locator(".gdw-handle").get_attribute("aria-label") or ""
    line.locator(".gdw-handle").press("ArrowRight")
    expect(line.locator(".gdw-handle")).not_to_have_attribute("aria-label", before)


def test_figures_whose_script_does_not_load_leave_their_still_pictures(
    opened: Any, widget_pages: Path
) -> None:
    page = opened("short.html", widget_pages.as_uri() + "/").page
    found = page.locator("#decisionboundary-1")
    expect(found.locator(".gdw-words")).to_contain_text("points are right")
    page.route("**/practice.js*", lambda route: route.abort())
    page.reload()
    expect(found.locator(".gdw-failure")).to_contain_text("practice.js did not load")
    expect(found.locator(".gd-still img")).to_be_visible()


# --- no WebGL -------------------------------------------------------------------------------------

NEEDED = "needs WebGL 2, which this browser does not offer; the map stays"


@pytest.fixture(scope="module")
def without_webgl(browser: Browser, widget_pages: Path) -> Iterator[Any]:
    """Return a function that opens a page in a browser that has no WebGL."""
    poor = launch(browser.browser_type, "--disable-3d-apis")

    def open_page(name: str) -> Visit:
        context = poor.new_context(reduced_motion="reduce")
        return Visit(context, widget_pages.as_uri() + "/", name)

    yield open_page
    poor.close()


def on_the_map(page: Page) -> None:
    """Check that the first explorer shows its map, whole, and works."""
    found = page.locator("#descentexplorer-1")
    expect(found.locator(".gdw-note")).to_contain_text(NEEDED)
    expect(found.get_by_role("checkbox", name="In space")).not_to_be_checked()
    expect(found.locator(".gdw-space")).to_be_hidden()
    handle = found.locator(".gdw-handle")
    expect(handle).to_be_visible()
    before = handle.get_attribute("aria-label") or ""
    handle.press("ArrowLeft")
    expect(handle).not_to_have_attribute("aria-label", before)
    assert page.locator(".gdw-failure").count() == 0


def test_without_webgl_the_map_stays_however_often_it_is_asked(without_webgl: Any) -> None:
    visit = without_webgl("linked.html")
    page = visit.page
    assert page.evaluate("document.createElement('canvas').getContext('webgl2')") is None
    for _ in range(2):
        page.locator("#descentexplorer-1").get_by_role("checkbox", name="In space").click()
        on_the_map(page)
    assert visit.complaints == []


def test_without_webgl_a_link_into_space_shows_the_map(without_webgl: Any) -> None:
    on_the_map(without_webgl("linked.html#gd/descentexplorer-1?view=surface").page)


def test_a_script_that_does_not_load_leaves_the_map(opened: Any, widget_pages: Path) -> None:
    visit = opened("linked.html", widget_pages.as_uri() + "/")
    visit.page.route("**/surface.js*", lambda route: route.abort())
    visit.page.reload()  # the page's second figure may have loaded it already
    visit.page.locator("#descentexplorer-1").get_by_role("checkbox", name="In space").click()
    on_the_map(visit.page)


def test_a_browser_that_takes_its_graphics_away_leaves_the_map_and_may_be_asked_again(
    opened: Any, widget_pages: Path
) -> None:
    page = opened("linked.html", widget_pages.as_uri() + "/").page
    found = page.locator("#descentexplorer-1")
    box = found.get_by_role("checkbox", name="In space")
    box.click()
    expect(found.locator(".gdw-space")).to_be_visible()
    drawn = "document.querySelector('#descentexplorer-1 .gdw-space canvas').width > 300"
    page.wait_for_function(drawn)
    found.locator(".gdw-space canvas").first.evaluate(
        "canvas => canvas.getContext('webgl2').getExtension('WEBGL_lose_context').loseContext()"
    )
    expect(found.locator(".gdw-note")).to_contain_text("Tick “In space” to try again")
    expect(box).not_to_be_checked()
    box.click()
    expect(found.locator(".gdw-space")).to_be_visible()
    page.wait_for_function(drawn)
    expect(box).to_be_checked()
    assert page.locator(".gdw-failure").count() == 0
