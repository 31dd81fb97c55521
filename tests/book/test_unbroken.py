"""Numbers keep together at a line's end, and nothing but the text of a page is touched."""

from __future__ import annotations

import pytest

from gdlib.book.unbroken import bound

NO_BREAK = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    "text",
    [
        "10_000 runs",
        "1_000_000 of 2_500_000",
        "about 95_% of them",
        "an error of 10⁻⁶_s, or 14_cm",
        "10_000_s",
        "at most 7.27_η long",
        "in Figure_4.2 of chapter_4, chapters_3 and 5",
        "<b>95</b>_% and <i>3</i>_kB",
        '<span class="katex">10<sup>−6</sup></span>_s',
        "Table_<b>1</b>".replace("_", " "),
    ],
)
def test_a_number_and_what_belongs_to_it_stay_on_one_line(text: str) -> None:
    assert bound(f"<p>{text.replace('_', ' ')}</p>") == f"<p>{text.replace('_', NO_BREAK)}</p>"


@pytest.mark.parametrize(
    "text",
    [
        "<code>10 000 %</code>",
        "<pre>step 10 <span>95 %</span></pre>",
        '<math><mtext>10 000</mtext><annotation encoding="x">1 s</annotation></math>',
        '<a href="x?10 000" title="95 % > 3 s" data-x=\'10 000\'>here</a>',
        '<script type="application/json">{"a": "10 000"}</script>',
        "<svg><text>10 000</text></svg><!-- 10 000 -->",
        "in 2015 512 rows, from 3 to 4 and 10 0000, 3 sets, 4 mints, 1.5 200",
        "if x < 3 then a &lt; 4 of them",
    ],
)
def test_code_formulas_attributes_and_other_blanks_are_left_alone(text: str) -> None:
    assert bound(text) == text


def test_a_newline_between_number_and_unit_is_a_blank() -> None:
    assert bound("<p>95\n% of Figure\n4</p>") == f"<p>95{NO_BREAK}% of Figure{NO_BREAK}4</p>"
