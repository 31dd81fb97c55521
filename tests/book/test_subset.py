"""Fonts are cut to the letters that the site uses, however a file writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gdlib.book import subset

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("<p>θ</p>", "θ"),
        ("&eta;", "η"),
        ("&#8711;", "∇"),
        (r'"\u03b2"', "β"),
        (r'"\u{2264}"', "≤"),
        (r'content: "\2713"', "✓"),
        ("\ue020", "\ue020"),  # the stroke that KaTeX lays over = in ≠
    ],
)
def test_a_letter_is_kept_however_it_is_written(text: str, letter: str) -> None:
    assert letter not in subset.letters_of([])
    assert letter in subset.letters_of([text])


def test_what_a_reader_may_type_is_kept() -> None:
    assert {chr(code) for code in range(32, 127)} <= set(subset.letters_of([]))


def test_no_sign_that_nobody_sees_is_asked_of_a_font() -> None:
    assert "\n" not in subset.letters_of(["a\nb\x00"])


def test_a_style_holds_small_fonts_and_names_large_ones(tmp_path: Path) -> None:
    (tmp_path / "small.woff2").write_bytes(b"abc")
    (tmp_path / "large.woff2").write_bytes(b"abc" * 2000)
    held = subset.embedded('a{src:url("small.woff2")} b{src:url("large.woff2")}', tmp_path)
    assert held == 'a{src:url(data:font/woff2;base64,YWJj)} b{src:url("large.woff2")}'
    short = subset.embedded("a{src:url(small.woff2)} b{src:url(large.woff2)}", tmp_path)
    assert short == "a{src:url(data:font/woff2;base64,YWJj)} b{src:url(large.woff2)}"
