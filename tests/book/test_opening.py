"""Tests of a chapter's first screen: the figure stands beside its question, and no word is lost."""

from __future__ import annotations

from docutils import frontend, nodes, utils

from gdlib.book.opening import opened
from gdlib.book.widget_pages import widget


def cell(kind: str = "") -> nodes.container:
    """Build a cell of code, with a widget if a kind is given."""
    place = [widget("", kind=kind)] if kind else []
    return nodes.container("", nodes.literal_block("", f"cell {kind}"), *place, classes=["cell"])


def section(title: str, *blocks: nodes.Node) -> nodes.section:
    return nodes.section("", nodes.title("", title), *blocks)


def page(*blocks: nodes.Node) -> nodes.document:
    settings = frontend.get_default_settings()
    document = utils.new_document("page", settings)
    document += section("A chapter", *blocks)
    return document


def words(text: str) -> nodes.paragraph:
    return nodes.paragraph("", text)


def shape(node: nodes.Element) -> list[str]:
    return [
        child["classes"][0] if child.get("classes") else child.tagname for child in node.children
    ]


def test_question_and_figure_are_one_block_and_what_introduced_them_follows() -> None:
    document = page(
        nodes.container("", classes=["gd-question"]),
        words("an introduction"),
        cell(),
        section("Predict", words("what is asked"), cell("Quiz")),
        section("Play", words("on the figure"), cell("DescentLine"), cell("PathPlayer")),
        section("More"),
    )
    opened(document)
    [chapter] = document.children
    assert isinstance(chapter, nodes.section)
    assert shape(chapter) == [
        "title", "gd-question", "gd-opening", "paragraph", "cell", "section", "section",
    ]  # fmt: skip
    predict, figure = chapter[2].children
    assert predict.astext().split() == ["Predict", "what", "is", "asked", "cell", "Quiz"]
    assert figure.astext().strip() == "cell DescentLine"
    assert chapter[5].astext().split() == ["Play", "on", "the", "figure", "cell", "PathPlayer"]


def test_folds_stay_above_the_opening() -> None:
    fold = nodes.admonition("", classes=["chapter-card"])
    document = page(
        fold, section("Predict", cell("Quiz")), section("Play", cell("DescentExplorer"))
    )
    opened(document)
    assert shape(document[0]) == ["title", "chapter-card", "gd-opening", "section"]


def test_a_page_without_question_or_figure_is_left_alone() -> None:
    for blocks in (
        [section("Play", cell("DescentLine"))],
        [section("Predict", cell("Quiz"))],
    ):
        document = page(words("an introduction"), *blocks)
        before = document.pformat()
        opened(document)
        assert document.pformat() == before
