"""Styles that move into one file still find what they name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sphinx.errors import ExtensionError

from gdlib.book import bundles

MODULES = Path(__file__).parents[2] / "frontend" / "node_modules"
"""They have the esbuild that the book has."""


def test_addresses_in_a_style_are_told_from_the_bundle(tmp_path: Path) -> None:
    (tmp_path / "katex").mkdir()
    (tmp_path / "gd").mkdir()
    text = '/* why */ a { src: url(fonts/a.woff2) } b { src: url("../fonts/b.woff2") }'
    for folder in ("katex", "gd"):
        (tmp_path / folder / "x.css").write_text(text)
    far, near = (bundles.style(tmp_path, f"{folder}/x.css") for folder in ("katex", "gd"))
    assert far == 'a { src: url("../katex/fonts/a.woff2") } b { src: url("../fonts/b.woff2") }'
    assert near == 'a { src: url("fonts/a.woff2") } b { src: url("../fonts/b.woff2") }'


def test_an_image_within_a_style_stays(tmp_path: Path) -> None:
    (tmp_path / "x.css").write_text("a { background: url(data:image/png;base64,AA) }")
    assert "url(data:image/png;base64,AA)" in bundles.style(tmp_path, "x.css")


def test_a_bundle_keeps_its_names_and_licences_and_loses_its_comments() -> None:
    script = bundles.short(MODULES, "/*! MIT */ var shared = 1; // why\nfunction f(long) {}", "js")
    assert "MIT" in script
    assert "why" not in script
    assert "var shared=1" in script
    assert "function f(" in script
    assert bundles.short(MODULES, "a { color: #ffffff; /* why */ }", "css") == "a{color:#fff}\n"


def test_a_bundle_that_is_no_script_stops_the_build() -> None:
    with pytest.raises(ExtensionError, match=r"the pages' js could not be made short: .*Expected"):
        bundles.short(MODULES, "var = 1", "js")


def test_the_book_and_the_front_end_use_one_esbuild() -> None:
    root = MODULES.parents[1]
    locks = (root / "frontend", root / "gdlib" / "book" / "npm_packages")
    found = [json.loads((lock / "package-lock.json").read_text("utf-8")) for lock in locks]
    assert len({lock["packages"]["node_modules/esbuild"]["version"] for lock in found}) == 1
