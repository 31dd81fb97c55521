"""Tests of how references name a section whose heading holds a formula."""

from docutils import nodes

from gdlib.book.section_names import spoken


def render(latex: str, *, display: bool) -> str:
    """Stand in for KaTeX with the one formula of this test."""
    assert (latex, display) == (r"\eta\lambda", False)
    return "<span><math><mrow><mi>η</mi><mi>λ</mi></mrow></math></span>"


def test_a_heading_is_named_as_it_reads() -> None:
    title = nodes.title("", "", nodes.Text("Everything hangs on "), nodes.math("", r"\eta\lambda"))
    assert spoken(title, render) == "Everything hangs on ηλ"
