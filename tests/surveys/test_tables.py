"""Which column is the target, which rows count, and what is said of a table that is no cost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gdlib as gd

pd: Any = pytest.importorskip("pandas")

FOUR = "size;rooms;town;price\n50;2;A;200,5\n70;3;B;310\n;3;C;250\n90;4;C;395\n120;5;A;510\n"


def line(**given: Any) -> gd.Survey:
    return gd.survey({"x": [0, 1, 2, 3], "y": [1, 3, 5, 8]}, **given)


def data(found: gd.Survey) -> tuple[list[list[float]], list[float]]:
    assert isinstance(found.cost, gd.problems.Problem)
    return found.cost.features.tolist(), found.cost.targets.tolist()


def test_semicolons_decimal_commas_gaps_and_words_are_read() -> None:
    found = gd.survey(FOUR)
    assert data(found) == (
        [[1, 50, 2], [1, 70, 3], [1, 90, 4], [1, 120, 5]],
        [200.5, 310, 395, 510],
    )
    read, *others = found.notes
    assert read == (
        "read: 4 rows; target “price”, the last column; features “size”, “rooms”; least squares,"
        " with an intercept added"
    )
    assert others == [
        "left out, for they are no numbers: “town”",
        "left out: 1 row with gaps",
    ]


@pytest.mark.parametrize("ending", [".csv", ".txt", ".CSV"])
@pytest.mark.parametrize("kind", [str, Path])
def test_a_file_is_read(tmp_path: Path, ending: str, kind: Any) -> None:
    path = tmp_path / f"houses{ending}"
    path.write_text(FOUR, encoding="utf-8")
    assert repr(gd.survey(kind(path))) == repr(gd.survey(FOUR))


def test_a_frame_columns_by_name_text_and_json_say_the_same() -> None:
    columns = {"x": [0.0, 1, 2, 3], "y": [1.0, 3, 5, 8]}
    wanted = data(line())
    text = "\n".join(["x y", *(f"{x} {y}" for x, y in zip(*columns.values(), strict=True))])
    for given in (
        columns,
        {name: np.array(column) for name, column in columns.items()},
        pd.DataFrame(columns),
        pd.DataFrame(columns).to_csv(),  # with the index, a column without a name
        pd.DataFrame(columns).to_json(),
        pd.DataFrame(columns).to_json(orient="records", lines=True),
        text,
        text.replace(" ", "\t"),
        text.replace(" ", ",").replace("\n", "\r\n"),
        text.partition("\n")[2],  # without names
    ):
        assert data(gd.survey(given)) == wanted
    assert "has no name and counts the rows" in repr(gd.survey(pd.DataFrame(columns).to_csv()))


def test_the_target_is_the_one_named_so_or_the_last_or_as_said() -> None:
    columns = {"y": [1, 2, 4], "x": [1, 2, 3], "z": [3, 1, 1.5]}
    assert "target “y”, by its name; features “x”, “z”" in gd.survey(columns).notes[0]
    assert "target “x”, as was said; features “y”, “z”" in gd.survey(columns, target="x").notes[0]
    columns["Label"] = columns.pop("x")
    assert "target “Label”, the last column" in gd.survey(columns).notes[0]  # two have such names


@pytest.mark.parametrize(
    ("targets", "labels", "note"),
    [
        ([0, 1, 0, 1], [0, 1, 0, 1], None),
        ([-1, 1, -1, 1], [0, 1, 0, 1], "labels: “-1” counts as 0, “1” as 1"),
        (["yes", "no", "no", "yes"], [1, 0, 0, 1], "labels: “no” counts as 0, “yes” as 1"),
        ([True, False, False, True], [1, 0, 0, 1], None),
    ],
)
def test_a_target_of_two_values_is_fitted_by_logistic_regression(
    targets: list[Any], labels: list[float], note: str | None
) -> None:
    found = gd.survey({"x": [1, 2, 3, 4], "y": targets})
    assert isinstance(found.cost, gd.LogisticRegression)
    assert data(found)[1] == labels
    assert [n for n in found.notes if n.startswith("labels")] == ([note] if note else [])


def test_the_model_can_be_said() -> None:
    labels = {"x": [1, 2, 3, 4], "y": [0, 1, 0, 1]}
    assert isinstance(gd.survey(labels, model="least squares").cost, gd.LeastSquares)
    # Two rows have two values; that makes them no classes.
    assert isinstance(gd.survey({"x": [1, 2], "y": [1, 3]}).cost, gd.LeastSquares)


def test_a_few_cells_that_are_filled_otherwise_are_gaps_and_named() -> None:
    rows = [f"{i},{2 * i % 7}" for i in range(20)]
    rows[11] = "?,3"
    found = gd.survey("\n".join(["a,y", *rows]))
    assert len(data(found)[0]) == 19
    assert "“a” has gaps that are filled otherwise, first in line 13: '?'" in found.notes
    assert "left out: 1 row with gaps" in found.notes


def test_too_few_rows_are_said() -> None:
    found = gd.survey({"a": [1, 2], "b": [2, 5], "y": [1, 3]})
    assert any(n.startswith("2 rows cannot determine 3 parameters") for n in found.notes)


def test_numbers_too_small_to_be_squared_have_no_curvature() -> None:
    found = gd.survey({"x": [1e-320, 0, 0], "y": [1, 2, 4]})
    assert "1 direction has no curvature" in repr(found)
    assert "scaling" not in [item.heading for item in found]
    assert found.widget is None
    assert any(note.startswith("no figure: numbers so large or small") for note in found.notes)
    assert "nan" not in repr(found)


def test_what_is_given_stays_as_it_was() -> None:
    frame = pd.DataFrame({"x": [1.0, np.nan, 3, 4], "t": list("abcd"), "y": [1.0, 2, 3, 5]})
    before = frame.copy()
    gd.survey(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_gaps_in_a_target_of_words_are_no_class_of_their_own() -> None:
    for gap in (np.nan, None, "", "NaN", "n/a"):
        found = gd.survey({"x": [1, 2, 3, 4, 5], "y": ["yes", "no", gap, "no", "yes"]})
        assert "left out: 1 row with gaps" in found.notes
        assert data(found)[1] == [1, 0, 0, 1]


def test_a_name_stays_in_its_line() -> None:
    found = gd.survey({"a\nb": [1, 2, 3], "": [2, 2, 5], "y": [2, 3, 5]})
    assert "features “a b”, “(no name)”" in found.notes[0]


def test_what_cannot_be_drawn_is_surveyed() -> None:
    rng = np.random.default_rng(1)
    for y in (rng.normal(size=9), np.arange(9) % 2):
        found = gd.survey({"x": 1e-200 * rng.normal(size=9), "y": y})
        assert any(note.startswith("no figure: numbers so") for note in found.notes)
        assert found.widget is None


REFUSED: list[tuple[Any, dict[str, Any], type[Exception], str]] = [
    ("", {}, ValueError, "formula"),
    ("a\n,,\n", {}, ValueError, "names in its first line and numbers in columns below"),
    ("a,b\n", {}, ValueError, "."),
    ("x\n1\n2\n", {}, ValueError, "names in its first line"),
    ({"x": [1, 2, 3]}, {}, ValueError, "a column of features and one of targets, not 'x'"),
    ({}, {}, ValueError, "a column of features and one of targets, not none"),
    ({"t": list("abc"), "y": [1, 2, 3]}, {}, ValueError, "beside its target “y”; it has “t”"),
    ({"x": [1, 2], "y": [1, 2, 3]}, {}, ValueError, "'x' has 2 rows and 'y' 3"),
    ({"x": [1, 2], "y": 3}, {}, TypeError, "column 'y' of the cost must list several values"),
    ({"x": [1, 2], "y": [[1], [2]]}, {}, ValueError, r"must be of shape \(any,\)"),
    ({"x": [1, np.nan], "y": [np.nan, 3]}, {}, ValueError, "all have gaps"),
    ({"x": [], "y": []}, {}, ValueError, "."),
    ("a,y\n1,nan\n2,nan", {}, ValueError, "“y” must have a number in some row; it has none"),
    ({"x": [1, np.inf, 2], "y": [1, 2, 3]}, {}, ValueError, "row 2: “x” must be at most 1e[+]100"),
    ("x,y\n1,2\n3,-1e200\n", {}, ValueError, "line 3: “y” must be at most 1e[+]100, not -1e[+]200"),
    ({"x": [1, 2, 3], "y": list("abc")}, {}, ValueError, "two classes, not 3"),
    ({"x": [1, 2, 3], "y": list("aba")}, {"model": "least squares"}, ValueError, "not 'a'"),
    ({"x": [1, 2, 3], "y": [1, 1, 1]}, {"model": "logistic"}, ValueError, "two values, not “1” al"),
    ({"x": [1, 2, 3], "y": ["a", "a", "a"]}, {}, ValueError, "two values, not “a” alone"),
    ({"x": [1, 2, 3], "y": [1, 2, 3]}, {"model": "logistic"}, ValueError, "two values, not 3"),
    ({"x": [1, 2], "price": [1, 2]}, {"target": "prize"}, ValueError, "did you mean 'price'"),
    ({"x": [1, 2], "y": [1, 2]}, {"target": 1}, TypeError, "target must be a string"),
    ({"x": [1, 2], "y": [1, 2]}, {"model": "ridge"}, ValueError, "model must be"),
    ({"x": [1, 2], "y": [1, 2]}, {"start": [1, 2, 3]}, ValueError, "start must be of shape"),
    ({"a": [1, 2], "b": [1, 3], "y": [1, 2]}, {"bounds": [(0, 1)]}, ValueError, "has 3 parameters"),
    (pd.DataFrame(np.eye(3), columns=["a", "a", "y"]), {}, ValueError, "'a' comes again"),
    ("nothing.csv", {}, FileNotFoundError, "not 'nothing.csv': there is no such file"),
    (Path(), {}, FileNotFoundError, "that is a folder"),
    ({f"f{i}": [1, 2] for i in range(250)}, {}, ValueError, "at most 200 parameters here, not 250"),
    ("x**2", {"target": "y"}, TypeError, "target goes with a table"),
    (gd.landscapes.rosenbrock, {}, TypeError, "call the landscape"),
    (7, {}, TypeError, "cost must be a Landscape, a formula, a problem or a table, not 7"),
    ("x**2", {"start": [1, 2]}, ValueError, "start"),
    ("log(x)", {"start": [-1]}, ValueError, "must have a finite value and gradient at the start"),
    ("x +", {}, ValueError, "."),
]  # fmt: skip


@pytest.mark.parametrize(("given", "keywords", "kind", "words"), REFUSED)
def test_what_is_no_cost_is_refused_in_words(
    given: Any, keywords: dict[str, Any], kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        gd.survey(given, **keywords)


def test_a_table_too_long_for_its_eigenvalues_is_refused_before_they_are_asked_for() -> None:
    x = np.zeros((10_000, 190))
    with pytest.raises(ValueError, match="190 parameters has at most 6,925 rows here, not 10,000"):
        gd.survey(gd.LeastSquares(x, np.zeros(10_000)))
