"""The table of measured results compares to the last digit that a source prints."""

from __future__ import annotations

import math

import pytest

from gdlib.results import Result, WrongResultError, measured


@pytest.mark.parametrize(
    ("published", "ours", "agrees", "error"),
    [
        ("8.181818", 90 / 11, True, "< 5e−7"),
        ("8.181818", 8.1818191, False, "1.3e−7 relative"),
        ("1.85e−11", 1.8512e-11, True, "< 5e−14"),
        ("1320", 1320, True, "< 0.5"),
        ("1320", 1321, False, "7.6e−4 relative"),
        ("-2208/1225", -2208 / 1225, True, "< 1.8e−12"),
        ("0.0", 0.3, False, "0.3"),
    ],
)
def test_agreement_is_to_half_a_unit_of_the_last_published_digit(
    published: str, ours: float, agrees: bool, error: str
) -> None:
    result = Result("a source", "a setup", published, ours)
    assert result.agrees is agrees
    assert result.error == error


@pytest.mark.parametrize("published", ["about 3", "", "1/0", "1.2.3"])
def test_what_is_no_number_is_refused(published: str) -> None:
    with pytest.raises(ValueError, match="decimal or a quotient of integers"):
        Result("a source", "a setup", published, 1.0)


@pytest.mark.parametrize("ours", [math.nan, math.inf])
def test_what_is_no_result_is_refused(ours: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        Result("a source", "a setup", "1.5", ours)


def test_ours_is_printed_with_as_many_digits_as_the_source() -> None:
    assert Result("s", "t", "−1.9968e−3", -0.00199681).row()[3] == "−1.9968e−3"
    assert Result("s", "t", "8.2", 90 / 11).row()[3] == "8.2"
    assert Result("s", "t", "9/11", 9 / 11).row()[3] == "0.8181818"


def test_the_table_is_text_and_html_and_escapes_what_it_is_given() -> None:
    table = measured(Result("Boyd & Vandenberghe", "x < y", "2", 2.0))
    assert repr(table).splitlines()[1].split("  ")[0] == "Boyd & Vandenberghe"
    assert "Boyd &amp; Vandenberghe" in table._repr_html_()
    assert "x &lt; y" in table._repr_html_()


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("0.99^k", "0.99<sup>k</sup>"),
        ("(99/101)^k", "(99/101)<sup>k</sup>"),
        ("h* ∝ ε^(1/3), a < b", "h* ∝ ε<sup>1/3</sup>, a &lt; b"),
        ("10^−3 of 2^-k_1", "10<sup>−3</sup> of 2<sup>-k_1</sup>"),
        ("a ^ b", "a ^ b"),
    ],
)
def test_powers_are_raised_on_the_page_and_typed_elsewhere(text: str, page: str) -> None:
    table = measured(Result("s", text, "2", 2.0))
    assert f">{page}</td>" in table._repr_html_()
    assert text in repr(table)


def test_the_html_is_a_table_for_screen_readers_too_and_each_cell_names_its_column() -> None:
    exact = Result("Cauchy", "a < b", "-1.5", -1.5)
    sampled = Result("theory", "drawn", "2.0", 2.2, within=0.2)
    assert measured(exact, sampled)._repr_html_() == (
        '<table class="measured" role="table"><thead role="rowgroup"><tr role="row">'
        '<th role="columnheader" scope="col">source</th>'
        '<th role="columnheader" scope="col">setup</th>'
        '<th role="columnheader" scope="col">reference</th>'
        '<th role="columnheader" scope="col">ours</th>'
        '<th role="columnheader" scope="col">error</th>'
        '</tr></thead><tbody role="rowgroup"><tr role="row">'
        '<td role="cell" class="source" data-label="source">Cauchy</td>'
        '<td role="cell" class="setup" data-label="setup">a &lt; b</td>'
        '<td role="cell" class="reference" data-label="reference">−1.5</td>'
        '<td role="cell" class="ours" data-label="ours">−1.5</td>'
        '<td role="cell" class="error" data-label="error">&lt; 0.05</td>'
        '</tr><tr role="row">'
        '<td role="cell" class="source" data-label="source">theory</td>'
        '<td role="cell" class="setup" data-label="setup">drawn</td>'
        '<td role="cell" class="reference" data-label="reference">2.0</td>'
        '<td role="cell" class="ours" data-label="ours">2.2</td>'
        '<td role="cell" class="error sampled" data-label="error">0.1 relative</td>'
        "</tr></tbody></table>"
    )


def test_the_text_is_columns_that_stand_below_their_heads() -> None:
    assert repr(measured(Result("Cauchy 1847", "bowl", "1/3", 1 / 3))) == (
        "source       setup  reference  ours       error\n"
        "Cauchy 1847  bowl   1/3        0.3333333  < 3.3e−13"
    )


@pytest.mark.parametrize(
    ("published", "ours", "printed"),
    [
        ("2.5e3", 2500.4, "2.5e3"), ("-2.50E-3", -0.0025, "−2.50e−3"), ("7e0", 7.0, "7e0"),
        ("1500", 1500.4, "1500"), ("−0.250", -0.25, "−0.250"), ("-1 / 3", -1 / 3, "−0.3333333"),
    ],
)  # fmt: skip
def test_ours_has_the_sources_digits(published: str, ours: float, printed: str) -> None:
    assert Result("s", "t", published, ours).row()[2:4] == (published.replace("-", "−"), printed)


@pytest.mark.parametrize(
    ("published", "ours", "error"),
    [
        ("1", 1.3, "< 0.5"), ("1", 1.5, "< 0.5"), ("1", 1.500001, "0.5 relative"),
        ("10", 1010.0, "1e2 relative"), ("10", 10010.0, "1e3 relative"),
        ("0", 0.5, "< 0.5"), ("0", -2.25, "2.2"), ("0/5", 0.0, "< 0"), ("0.0", 512.0, "5.1e2"),
        ("1.000", 1.0011, "0.0011 relative"), ("1.0000", 1.00011, "1.1e−4 relative"),
        ("-4", -5.0, "0.25 relative"),
    ],
)  # fmt: skip
def test_a_distance_is_said_in_two_digits_at_most(published: str, ours: float, error: str) -> None:
    assert Result("s", "t", published, ours).error == error


@pytest.mark.parametrize(
    ("published", "ours", "agrees"),
    [
        ("2", 2.2, True),
        ("2", 1.8, True),
        ("2", 2.21, False),
        ("-20", -22, True),
        ("-20", 22, False),
    ],
)
def test_a_sampled_number_may_lie_as_far_off_as_it_says(
    published: str, ours: float, agrees: bool
) -> None:
    assert Result("s", "t", f"{published}.00", ours, within=0.1 + 1e-12).agrees is agrees


def test_all_wrong_numbers_are_named_one_a_line() -> None:
    wrong = [Result("A", "x", "1", 3.0), Result("B", "y", "2", 5)]
    with pytest.raises(WrongResultError) as refused:
        measured(Result("C", "z", "3", 3.0), *wrong)
    assert str(refused.value).splitlines() == [
        "not the number of its source",
        "A, x: 1, and ours is 3.0",
        "B, y: 2, and ours is 5.0",
        "(a sampled number says how far off it may be: Result(..., within=0.02))",
    ]
    with pytest.raises(TypeError, match=r"^a result must be one like gd\.Result\(source, setup, "):
        measured("1")  # type: ignore[arg-type]


@pytest.mark.parametrize("published", ["0.0590278", "1/17"])
def test_a_wrong_number_stops_the_notebook_and_is_named(published: str) -> None:
    right, wrong = Result("s", "t", "2", 2.0), Result("Cauchy 1847", "a bowl", published, 0.0585575)
    with pytest.raises(WrongResultError, match=rf"Cauchy 1847, a bowl: {published}.*0\.0585575"):
        measured(right, wrong)


def test_a_sampled_number_agrees_as_far_as_it_says_and_shows_how_far_it_is() -> None:
    sampled = Result("theory", "simulated", "0.0590278", 0.0585575, within=0.02)
    assert sampled.agrees
    assert sampled.error == "0.008 relative"
    assert 'class="error sampled"' in measured(sampled)._repr_html_()
    with pytest.raises(WrongResultError):
        measured(Result("theory", "simulated", "0.0590278", 0.0585575, within=0.005))


@pytest.mark.parametrize("within", [-0.1, 1.0, math.nan])
def test_how_far_a_sampled_number_may_lie_is_a_relative_distance(within: float) -> None:
    with pytest.raises(ValueError, match="within must be"):
        Result("theory", "simulated", "1", 1.0, within=within)
