"""The API reference describes every public name once, and nothing that is not public."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from docutils import nodes
from docutils.core import publish_parts
from sphinx import addnodes
from sphinx.ext.napoleon.docstring import NumpyDocstring

import gdlib
from gdlib.book import api

DIRECTIVE = re.compile(r"^\.\. (?:auto\w+|py:module):: gdlib\.(\S+)$", re.MULTILINE)
APP: Any = SimpleNamespace(env=SimpleNamespace(note_dependency=str))
DESCRIBED = Counter(DIRECTIVE.findall(api.page(APP)))
PUBLIC: list[str] = dir(gdlib)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_is_described_once_and_has_words_of_its_own(name: str) -> None:
    assert DESCRIBED[name] == 1
    value = getattr(gdlib, name)
    assert len((value.__doc__ or "").split()) > 3


def test_nothing_else_is_described_but_what_public_modules_offer() -> None:
    modules = {name for name in PUBLIC if isinstance(getattr(gdlib, name), ModuleType)}
    others = {name for name in DESCRIBED if name not in PUBLIC}
    assert {name.partition(".")[0] for name in others} <= modules
    assert set(DESCRIBED.values()) == {1}
    for name in others:
        module, _, member = name.partition(".")
        assert hasattr(importlib.import_module(f"gdlib.{module}"), member)
        assert member not in PUBLIC or module == "plotting"  # gd.basins and gd.plotting.basins


def test_a_table_is_described_by_what_stands_below_it() -> None:
    """Its file has its name; of a dictionary alone, Python would say what dictionaries are."""
    text = api.page(APP)
    place = ".. py:data:: catalogue\n   :module: gdlib.landscapes\n\n"  # its link is its whole name
    assert f"{place}   Every landscape by the name" in text


def test_a_landscape_and_a_schedule_of_the_catalogue_are_described() -> None:
    assert {f"landscapes.{name}" for name in gdlib.landscapes.catalogue} <= set(DESCRIBED)
    assert {"schedules.cosine", "plotting.contours", "problems.two_clouds"} <= set(DESCRIBED)


def test_a_new_name_has_a_place_before_anybody_gives_it_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub = tmp_path / "__init__.pyi"
    stub.write_text("from .descent import descend as descend\nfrom .new import adam as adam\n")
    monkeypatch.setattr(api, "STUB", stub)
    text = api.page(APP)
    assert text.index("## Descent") < text.index("gdlib.descend") < text.index("## More")
    assert text.index("## More") < text.index(".. autofunction:: gdlib.adam")


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("Return `x` as it is.", "Return ``x`` as it is."),
        ("Give ``x`` and :class:`Result`.", "Give ``x`` and :class:`Result`."),
        ("The norm |θ| falls.", r"The norm \|θ\| falls."),
        ("`keep` is `path | end`.", "``keep`` is ``path | end``."),
    ],
)
def test_docstrings_are_set_as_they_are_meant(line: str, marked: str) -> None:
    lines = [line]
    api._mark_code(APP, "function", "", None, None, lines)
    assert lines == [marked]


@pytest.mark.parametrize("what", ["property", "attribute", "data"])
def test_a_colon_in_the_first_line_of_a_property_parts_no_type_from_its_words(what: str) -> None:
    lines = ["The moments kept: all that are read before they are set.", "", "More of it."]
    api._mark_code(APP, what, "moments", None, None, lines)
    read = NumpyDocstring(lines, what=what, name="moments").lines()
    assert not [line for line in read if line.startswith(":type:")]
    assert (
        "The moments kept: all that" in publish_parts("\n".join(read), writer_name="html")["body"]
    )


def test_a_default_that_the_source_names_is_shown_as_a_number() -> None:
    shown = "(landscape, *, learning_rate=1.0, shrink=SHRINK, slope=SLOPE)"
    said, _ = api._show_constants(APP, "function", "", gdlib.backtracking, None, shown, "")
    assert said == "(landscape, *, learning_rate=1.0, shrink=0.5, slope=0.0001)"


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("~collections.abc.Mapping[str, ~gdlib.Trajectory]", "Mapping[str, Trajectory]"),
        ("sympy.core.expr.Expr", "Expr"),
        ("tuple[gdlib.tuning.Trial, …]", "tuple[Trial, …]"),
        ("numpy.ndarray[tuple[Any, …], numpy.dtype[numpy.int64]]", "array of int64"),
        ("the rate, e.g. 0.1", "the rate, e.g. 0.1"),
        ("ArrayLike | None", "array-like | None"),
        ("Mapping[str, Path2]", "Mapping[str, Trajectory | array-like]"),
    ],
)
def test_types_are_named_as_a_reader_writes_them(long: str, short: str) -> None:
    field = nodes.field_list("", nodes.field("", nodes.field_body("", nodes.paragraph("", long))))
    field += nodes.field("", nodes.field_body("", nodes.literal("", "sympy.Rational(3, 2)")))
    content = addnodes.desc_content("", field)
    api._shorten_types(APP, "py", "class", content)
    assert content.astext().split() == [*short.split(), "sympy.Rational(3,", "2)"]
