"""The page of verified results holds what the chapters measured, and nothing that disagrees."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gdlib import optimizers
from gdlib.book import parity, verified
from gdlib.results import Result, measured
from tests import claims
from tests.array_agreement import RELATIVE
from tests.data import make_torch_paths
from tests.data.make_torch_paths import Case

ROOT = Path(__file__).parents[2]
RECORDED = json.loads(make_torch_paths.PATHS.read_text(encoding="utf-8"))
NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))
ROWS = re.findall(
    r"^\| (?!What)(.+?) \| (.+?) \| (.+?) \|$",
    (ROOT / "chapters" / "verified.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)
CARRIED = [  # the row's words, in the page's order; the test that holds it, and to what
    (
        "at random",
        "test_autodiff",
        "test_any_expression_has_the_gradient_of_the_complex_step",
        "1e-11",
    ),
    ("log loss of a layer", "test_autodiff", "test_pytorch_says_the_same", "1e-12"),
    ("a convolution", "test_models", "test_the_complex_step_agrees_to_the_last_digits", "1e-12"),
    (
        "the gradient",
        "test_models",
        "test_backpropagation_written_by_hand_gives_the_same_gradient",
        "1e-15",
    ),
    ("its guesses", "test_models", "test_a_table_is_a_product_of_two_thin_matrices", "1e-15"),
    (
        "its pairs",
        "test_words",
        "test_pairs_reach_as_far_as_the_window_and_not_into_the_next_page",
        "==",
    ),
    (
        "on a page",
        "widgets/test_tape",
        "test_a_program_gives_the_value_and_the_gradients_of_its_function",
        "1e-12",
    ),
    (
        "as recorded",
        "book/test_ch20",
        "test_an_installed_framework_takes_the_recorded_steps",
        "1e-13",
    ),
    ("its losses", "book/test_ch20", "test_the_chapters_network_is_the_scripts", "1e-12"),
    ("gd.soap", "optimizers/test_array_parity", "test_a_rule_follows_its_reference", "RELATIVE"),
]


def code(html: str) -> dict[str, Any]:
    return {"cell_type": "code", "source": [], "outputs": [{"data": {"text/html": [html]}}]}


def write(path: Path, *tables: str) -> Path:
    cells = [{"cell_type": "markdown", "source": ["# A bowl\n", "text"]}, *map(code, tables)]
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return path


def test_rows_keep_their_cells_and_know_where_they_stand(tmp_path: Path) -> None:
    first = Result("Boyd & Vandenberghe", "x < y^k & more", "2", 2.0)
    second = Result("theory", "simulated", "0.50", 0.51, within=0.05)
    tables = [measured(r)._repr_html_() for r in (first, second)]
    found = verified.chapter(write(tmp_path / "bowl.ipynb", tables[0], "<p>else</p>", tables[1]))
    assert (found.name, found.title) == ("bowl", "A bowl")
    typed = (
        "Boyd &amp; Vandenberghe",
        "x &lt; y<sup>k</sup> &amp; more",
        "2",
        "2",
        "&lt; 0.5",
    )
    assert [row.cells for row in found.rows] == [typed, second.row()]
    assert [row.exact for row in found.rows] == [True, False]
    assert [row.anchor for row in found.rows] == ["measured-1", "measured-2"]


def test_a_kept_result_that_disagrees_stops_the_build(tmp_path: Path) -> None:
    table = measured(Result("theory", "a bowl", "2", 2.0))._repr_html_()
    wrong = table.replace('class="error"', 'class="error off"')
    with pytest.raises(ValueError, match="not the number of its source: theory, a bowl, 2"):
        verified.chapter(write(tmp_path / "bowl.ipynb", wrong))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_chapter_measures_and_each_of_its_tables_is_found(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    calls = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    tables = sum("measured(" in text for text in calls)
    anchors = {row.anchor for row in verified.chapter(path).rows}
    assert anchors == {f"measured-{n}" for n in range(1, tables + 1)} != set()


def test_what_is_said_of_networks_tables_and_words_has_a_test_with_that_bound() -> None:
    for row, (words, path, name, bound) in zip(ROWS, CARRIED, strict=True):
        assert words in row[0]
        assert claims.fault("17-network", {"test": f"tests/{path}.py::{name}"}) is None
        code = (ROOT / "tests" / f"{path}.py").read_text(encoding="utf-8")
        body = code.partition(f"def {name}(")[2].partition("\n\n\n")[0]
        assert bound in body
        bound = {"RELATIVE": f"{RELATIVE:.0e}"}.get(bound, bound)
        power = re.search(r"10\^\{-?(\d+)\}", row[2])
        assert row[2] == "nothing" if bound == "==" else power and power[1] == bound[-2:]


@pytest.fixture(scope="module")
def compared() -> dict[str, parity.Parity]:
    return {found.rule: found for found in parity.compare(RECORDED)}


@pytest.mark.parametrize("rule", optimizers.catalogue)
def test_a_rule_gives_one_path_in_three_languages(
    compared: dict[str, parity.Parity], rule: str
) -> None:
    found = compared[rule]
    assert found.runs >= 4
    assert found.javascript <= parity.LIMIT
    assert (found.torch is None) == (rule == "lion")
    assert (found.torch or 0.0) <= parity.LIMIT


def test_another_path_is_seen() -> None:
    path = np.array([[1.0, 0.0], [0.5, 0.25]])
    assert parity.difference(path, path) == 0.0
    assert parity.difference(path + np.array([[0, 0], [0, 1e-3]]), path) == pytest.approx(2e-3)
    assert parity.difference(path[:1], path) == float("inf")
    assert parity.difference(path * np.nan, path) == float("inf")


@pytest.mark.parametrize(
    "run", RECORDED["runs"], ids=lambda run: f"{run['rule']}-{run['landscape']}"
)
def test_the_recorded_points_are_those_of_an_installed_pytorch(run: dict[str, Any]) -> None:
    pytest.importorskip("torch")
    case = Case(run["rule"], run["landscape"], run["hyperparameters"])
    expected = np.array(run["points"]).reshape(len(run["points"]), -1)
    points = np.array(make_torch_paths.run(case)).reshape(expected.shape)
    assert parity.difference(points, expected) <= parity.LIMIT
