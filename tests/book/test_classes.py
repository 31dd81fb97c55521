"""No class of the shell is one of Sphinx's, of the theme's or of another writer of the pages.

A name that two have is styled for one and meets the other: our `.search` once laid Sphinx's list of
results out in one row, 2212 pixels wide.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from gdlib.book import blocks
from tests.browser.site import ROOT

if TYPE_CHECKING:
    from pathlib import Path

BOOK = ROOT / "gdlib" / "book"
STYLES = sorted((BOOK / "assets").rglob("*.css"))
SCRIPTS = sorted((BOOK / "assets").rglob("*.js"))
TEMPLATES = sorted((BOOK / "templates").iterdir())
OURS = ("gd-", "gdw-")
THEIRS = {
    "docutils and Sphinx": """
        admonition admonition-title attention backrefs bug caption caption-number caution
        citation colon current default_value eqno field-list footnote footnote-list glossary
        headerlink highlight highlight-text hint important label literal math o property py
        rubric section-number sig-name sig-param sig-paren sig-prename std-term text-center
        text-right tip toctree-wrapper warning
    """,
    "the theme": "pst-scrollable-table-container",
    "MyST-NB": """
        above-input below-input cell cell_input cell_output collapsed expanded hide output
        stderr stream tag_exercise tag_hero tag_wide text_html text_plain
    """,
    "sphinx-design": """
        sd-dropdown sd-octicon sd-summary-content sd-summary-state-marker sd-summary-text
        sd-tab-content sd-tab-label sd-tab-set
    """,
    "sphinx-exercise": "exercise solution",
    "sphinx-copybutton": "copybtn success",
    "CodeMirror": "cm-content cm-editor cm-focused cm-scroller",
    "KaTeX": "katex katex-display katex-html",
    "gdlib.results": "error measured ours reference sampled setup source",
}
KNOWN = {name for names in THEIRS.values() for name in names.split()}
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CLASS = re.compile(r"\.(-?[a-z_][\w-]*)", re.IGNORECASE)


def _selected(style: str) -> set[str]:
    rules = re.sub(r"@font-face\s*\{[^}]*\}", "", _COMMENT.sub("", style))
    return {
        name for selector in re.findall(r"([^{}]+)\{", rules) for name in _CLASS.findall(selector)
    }


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.stem)
def test_a_style_names_classes_of_ours_with_the_prefix_and_others_by_who_writes_them(
    path: Path,
) -> None:
    found = _selected(path.read_text(encoding="utf-8"))
    assert {name for name in found if not name.startswith(OURS)} <= KNOWN


def test_results_are_styled_within_their_tables_alone() -> None:
    """`error`, `source`: names of cells that others use as well."""
    cells = set(THEIRS["gdlib.results"].split()) - {"measured"}
    for path in STYLES:
        rules = _COMMENT.sub("", path.read_text(encoding="utf-8"))
        for selector in re.findall(r"([^{}]+)\{", rules):
            assert not cells & set(_CLASS.findall(selector)) or ".measured" in selector, selector


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_gives_classes_and_ids_with_the_prefix(path: Path) -> None:
    text = re.sub(r"\{[{%].*?[%}]\}", "", path.read_text(encoding="utf-8"))
    names = [name for value in re.findall(r'class="([^"]*)"', text) for name in value.split(" ")]
    names += re.findall(r'\bid="([^"]*)"', text)
    assert {name for name in names if name and not name.startswith(OURS)} <= {"highlight"}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_looks_for_classes_as_the_styles_do(path: Path) -> None:
    looked = re.findall(
        r"(?:querySelector(?:All)?|closest|matches)\(([^)]*)\)", path.read_text("utf-8")
    )
    found = {name for text in looked for name in _CLASS.findall(text)}
    assert {name for name in found if not name.startswith(OURS)} <= KNOWN


def test_words_of_authors_get_the_prefix_unless_they_would_then_be_anothers() -> None:
    prefixed = {blocks.PREFIX + word for word in blocks.WORDS}
    styled = set().union(*(_selected(path.read_text(encoding="utf-8")) for path in STYLES))
    assert prefixed <= styled, "a word that nothing styles"
    assert not prefixed & KNOWN
