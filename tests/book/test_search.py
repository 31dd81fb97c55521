"""What the search reads of a page: its prose, part by part, without code, answers and furniture."""

from __future__ import annotations

from docutils import nodes
from docutils.core import publish_doctree
from sphinx import addnodes

from gdlib.book.search import sections

PAGE = """
The learning rate
=================

One :math:`x^2` of *three* ``words``. [#note]_

.. code-block:: python

   hidden = 1

.. math:: y = 1

.. [#note] A note.

Two curvatures
--------------

Another part.

.. container:: solution

   The answer is 42.
"""


def _render(latex: str, *, display: bool) -> str:
    assert not display
    return f"<math><mi>{latex.replace('^2', '')}</mi></math>"


def test_a_page_is_read_by_its_parts() -> None:
    doctree = publish_doctree(PAGE, settings_overrides={"doctitle_xform": False})
    first, second = sections(doctree, _render)
    assert (first.anchor, first.heading) == ("the-learning-rate", "The learning rate")
    assert first.text.startswith("One x of three words.")
    assert "hidden" not in first.text
    assert "y" not in first.text
    assert second == ("two-curvatures", "Two curvatures", "Another part.")


def test_a_word_of_the_glossary_is_a_part() -> None:
    term = nodes.term("", "condition number", ids=["term-condition-number"])
    entry = nodes.definition_list_item("", term, nodes.definition("", nodes.paragraph("", "κ.")))
    page = nodes.section("", nodes.title("", "Glossary"), entry, ids=["glossary"])
    assert sections(_document(page), _render) == [
        ("glossary", "Glossary", ""),
        ("term-condition-number", "condition number", "κ."),
    ]


def test_a_public_name_is_a_part_with_its_methods() -> None:
    method = addnodes.desc(
        "", addnodes.desc_signature("", "value()"), addnodes.desc_content("", nodes.Text("At θ."))
    )
    name = addnodes.desc_signature("", "class gdlib.Landscape", ids=["gdlib.Landscape"])
    cost = addnodes.desc(
        "", name, addnodes.desc_content("", nodes.paragraph("", "A cost."), method)
    )
    [_, found] = sections(
        _document(nodes.section("", nodes.title("", "API"), cost, ids=["api"])), _render
    )
    assert found == ("gdlib.Landscape", "gd.Landscape", "A cost. value() At θ.")


def test_a_methods_parameters_stand_in_brackets() -> None:
    names = (addnodes.desc_parameter("", name) for name in ("theta", "rate=None"))
    signature = addnodes.desc_signature(
        "", "", addnodes.desc_name("", "step"), addnodes.desc_parameterlist("", "", *names)
    )
    method = addnodes.desc("", signature, addnodes.desc_content("", nodes.paragraph("", "One.")))
    name = addnodes.desc_signature("", "class gdlib.Stepper", ids=["gdlib.Stepper"])
    rule = addnodes.desc("", name, addnodes.desc_content("", method))
    page = nodes.section("", nodes.title("", "API"), rule, ids=["api"])
    [_, found] = sections(_document(page), _render)
    assert found.text == "step(theta, rate=None) One."


def _document(page: nodes.section) -> nodes.document:
    document = publish_doctree("")
    document += page
    return document
