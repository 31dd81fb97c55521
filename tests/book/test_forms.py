"""The forms: what they offer exists, and what their examples say is so."""

from __future__ import annotations

import html
import re

import pytest
from docutils import nodes
from docutils.utils import new_document

import gdlib as gd
from gdlib import problems
from gdlib.book import cost_form, forms, workbench_form

FORMS = {"workbench": workbench_form.form(), "your-cost": cost_form.form()}


@pytest.mark.parametrize("name", FORMS)
def test_every_field_has_a_label_and_the_form_waits_for_its_script(name: str) -> None:
    form = FORMS[name]
    ids = re.findall(r'<(?:textarea|input|select) id="([^"]+)"', form)
    assert len(ids) == len(set(ids)) > 0
    for one in ids:
        assert f'<label for="{one}">' in form
    bare = re.findall(r"<input(?! id)(?! type=)", form)
    assert bare == []
    assert re.match(rf'<div class="gd-form" data-form="{name}" [^>]* hidden>', form)


def test_a_form_stands_above_the_code_of_the_cell_with_its_tag() -> None:
    page = new_document("page")
    for tag in ("tag_workbench", "tag_play"):
        cell = nodes.container("", classes=["cell", tag])
        cell += nodes.container("", nodes.literal_block("", "code"), classes=["cell_input"])
        page += cell
    forms.placed(page)
    placed = list(page.findall(nodes.raw))
    assert [raw.astext() for raw in placed] == [FORMS["workbench"]]
    assert isinstance(placed[0].next_node(descend=False, siblings=True), nodes.literal_block)


@pytest.mark.parametrize("name", workbench_form.EXAMPLES)
def test_an_example_of_a_rule_is_one_but_for_the_slip(name: str) -> None:
    rule = workbench_form.EXAMPLES[name]
    if name == "a slip":
        with pytest.raises(ValueError, match="line 2, column 13: q has neither"):
            gd.Optimizer.parse(rule)
    else:
        gd.Optimizer.parse(rule)


def test_the_workbench_offers_every_landscape_and_every_rule_of_the_book() -> None:
    form = FORMS["workbench"]
    for name in (*gd.landscapes.catalogue, *gd.optimizers.catalogue):
        assert f'value="{name}"' in form
    for name in workbench_form.PROBLEMS:
        assert getattr(problems, name)().rows == 100
        assert f'value="problem:{name}"' in form


def test_what_a_button_holds_is_its_example_whatever_is_in_it() -> None:
    text = forms.examples({"odd": '"<b>&\n'})
    (held,) = re.findall(r'data-text="([^"]*)"', text)
    assert html.unescape(held) == '"<b>&\n'
