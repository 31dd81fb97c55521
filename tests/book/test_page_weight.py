"""A slimmed page shows what it showed: only bytes that HTML can spare are gone."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from gdlib.book import page_weight

OUTLINE = "M95,702c-2.7,0,-7.17,-2.7,-13.5,-8c-5.8,-5.3,-9.5,-10,-9.5,-14" + "h1,v1" * 20


@pytest.mark.parametrize(
    ("tag", "attributes"),
    [
        ('<span class="mord">', {"class": ["mord"]}),
        ('<span style="height:3em;">', {"style": "height:3em"}),
        ('<span style="top:-2.55em;margin-right:0.05em;">', None),
        ('<span class="two words" title="a &gt; b">', None),
        ('<span data-x="a=b">', None),
    ],
)
def test_attributes_without_quotes_are_read_as_with_them(
    tag: str, attributes: dict[str, object] | None
) -> None:
    assert _read(page_weight.unquoted(f"{tag}x</span>")) == (attributes or _read(f"{tag}x</span>"))


def _read(html: str) -> dict[str, object]:
    """Return a span's attributes as a browser reads them; a style's last semicolon says nothing."""
    span = BeautifulSoup(html, "html.parser").span
    assert span is not None
    return {k: v.rstrip(";") if isinstance(v, str) else v for k, v in span.attrs.items()}


def test_an_outline_is_drawn_once_and_then_by_its_name() -> None:
    page = f'<svg><path d="{OUTLINE}"></path></svg><svg><path d="{OUTLINE}"/></svg>'
    page += f'<svg><path d="{OUTLINE}z"/></svg><svg><path d="M0,0"/></svg>'
    slim = BeautifulSoup(page_weight.outlined_once(page), "html.parser")
    paths = [(path.get("id"), path["d"]) for path in slim.find_all("path")]
    assert paths == [("outline-0", OUTLINE), ("outline-1", OUTLINE + "z"), (None, "M0,0")]
    assert [use["href"] for use in slim.find_all("use")] == ["#outline-0"]


def test_a_page_without_outlines_is_left_alone() -> None:
    assert page_weight.outlined_once("<p>x</p>") == "<p>x</p>"
