"""Styles that move into one file still find what they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdlib.book import bundles

if TYPE_CHECKING:
    from pathlib import Path


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
