"""Tests of the card that opens a chapter: what is in sight, and what a fold holds."""

from docutils import nodes

from gdlib.book.chapter_card import laid_out


def card(**words: str) -> nodes.admonition:
    """Build what MyST makes of a card with these terms."""
    items = [
        nodes.definition_list_item(
            "",
            nodes.term("", name),
            nodes.definition("", nodes.paragraph("", text)),
        )
        for name, text in words.items()
    ]
    title = nodes.title("", "In this chapter")
    terms = nodes.definition_list("", *items)
    return nodes.admonition(
        "", title, terms, classes=["chapter-card", "admonition-in-this-chapter"]
    )


FULL = {
    "The question": "How far should one step go?",
    "You will be able to": "tell regimes apart",
    "Time": "60 minutes",
    "Builds on": "chapter 2",
    "In a hurry?": "the picture, the rule",
}


def test_question_and_short_ways_are_in_sight_and_the_rest_is_folded() -> None:
    question, hurry, fold = laid_out(card(**FULL))
    assert question.astext() == "How far should one step go?"
    assert hurry.astext().startswith("In a hurry?")
    assert "dropdown" in fold["classes"]
    assert fold[0].astext().startswith("60 minutes")
    assert [item[0].astext() for item in fold[1]] == ["You will be able to", "Builds on"]


def test_no_word_of_a_card_is_lost() -> None:
    shown = "\n".join(node.astext() for node in laid_out(card(**FULL)))
    assert all(text in shown for text in FULL.values())
