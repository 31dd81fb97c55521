"""Each kind of exercise: what it accepts, what it names, what it never tells."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from gdlib.exercises import check, compare, registry
from gdlib.exercises.challenges import Counted, challenge, final_cost
from gdlib.exercises.kinds import choice, function, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.sandbox import NotYet, call
from gdlib.exercises.symbolic import expression

a, b = sp.symbols("a b")


def race(answer: Any) -> float:
    cost = Counted(lambda x: float(np.sum(x**2)), lambda x: 2 * x, shift=[1.5, -0.5], budget=50)
    if final_cost(cost, call(answer, cost, np.array([3.0, 4.0]))) > 1e-6:
        raise NotYet("You are not close enough.")
    return cost.evaluations


@pytest.fixture(autouse=True, scope="module")
def exercises() -> Any:
    before = dict(registry.EXERCISES)

    @function(
        "trial/step",
        inputs=[(1.0, 2.0, 0.1), (np.array([1.0, -3.0]), np.array([0.5, 2.0]), 0.25)],
        mistakes=[
            Mistake("Your step climbs.", like=lambda x, g, rate: x + rate * g),
            Mistake(
                "You return the step alone.",
                when=lambda result, x, g, rate: np.allclose(abs(result), abs(rate * g)),
            ),
        ],
        note="downhill",
    )
    def step(x: Any, gradient: Any, learning_rate: float) -> Any:
        return x - learning_rate * gradient

    @function("trial/pair", inputs=[(2.0,), (3.0,)])
    def pair(x: float) -> tuple[float, np.ndarray, bool]:
        return x**2, np.array([x, 1.0]), x > 2.5

    value(
        "trial/number",
        0.61803,
        mistakes=[
            Mistake("That is the reciprocal.", like=1.61803),
            Mistake("It is positive.", between=(-math.inf, 0)),
        ],
    )
    value("trial/two", (2.0, -4.0), [Mistake("Halved.", like=(1.0, -2.0))])
    value("trial/text", "Adam", [Mistake("It corrects.", among=("RMSProp", "AdaGrad"))])
    choice("trial/letter", answer="b", why_not={"a": "Not a.", "c": "Not c."})
    expression("trial/formula", 2 * a * (a - b), [a, b], [Mistake("A factor.", like=a * (a - b))])
    expression("trial/gradient", [2 * a, 2 * b], [a, b])
    challenge("trial/race", par=10)(race)
    yield
    registry.EXERCISES.clear()
    registry.EXERCISES.update(before)


NAMES = ["step", "pair", "number", "two", "text", "letter", "formula", "gradient", "race"]


def says(name: str, answer: Any) -> str:
    return repr(check(f"trial/{name}", answer))


def fill_in(x: Any, gradient: Any, learning_rate: Any) -> Any:
    return x - ... * gradient


def assigned(x: Any, gradient: Any, learning_rate: Any) -> Any:
    new = ...
    return new  # noqa: RET504 (a blank as it stands in many a cell)


def documented(x: Any, gradient: Any, learning_rate: Any) -> Any:
    """Return the next point."""


def passed(x: Any, gradient: Any, learning_rate: Any) -> Any:
    pass


@pytest.mark.parametrize("name", NAMES)
def test_dots_and_none_are_not_started(name: str) -> None:
    assert says(name, ...) == says(name, None) == "○ not started"
    assert repr(check(f"trial/{name}")) == "○ not started"


@pytest.mark.parametrize("blank", [fill_in, assigned, documented, passed, lambda x, g, r: ...])
def test_a_function_with_a_blank_left_is_not_started(blank: Any) -> None:
    assert says("step", blank) == "○ not started"


def test_values_with_a_blank_left_are_not_started() -> None:
    assert says("two", [2.0, ...]) == says("two", np.array([2.0, ...])) == "○ not started"
    assert says("gradient", [2 * a, ...]) == "○ not started"


def test_a_function_that_forgets_to_return_has_been_started() -> None:
    def forgets(x: Any, gradient: Any, learning_rate: Any) -> None:
        x - learning_rate * gradient

    line = forgets.__code__.co_firstlineno + 1
    assert says("step", forgets) == (
        "✗ not yet: For x = 1, gradient = 2, learning_rate = 0.1 your function returns "
        f"None where a number is wanted (line {line}: `x - learning_rate * gradient`)."
    )


RIGHT = [
    ("step", lambda x, g, rate: -rate * g + x),
    ("step", lambda *inputs: inputs[0] - inputs[2] * inputs[1]),
    ("pair", lambda x: [x * x, [x, 1], x > 2.5]),
    ("number", sp.Float("0.61803")),
    ("number", Fraction(61803, 100000)),
    ("number", np.float32(0.618)),
    ("number", np.array(0.618)),
    ("two", (2, -4)),
    ("two", [sp.Integer(2), sp.Integer(-4)]),
    ("text", "Adam"),
    ("letter", " B "),
    ("formula", sp.expand(2 * a * (a - b))),
    ("formula", sp.Derivative(a**2 * (sp.Symbol("a") - b), b) * 2 * (b - a) / a),
    ("gradient", sp.Matrix([2 * a, 2 * b])),
    ("gradient", (sp.Symbol("a", real=True) * 2, 2 * b)),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_every_form_of_a_right_answer_is_correct(name: str, answer: Any) -> None:
    assert says(name, answer).startswith("✓ correct")


WRONG = [
    ("step", lambda x, g, rate: x + rate * g, "Your step climbs."),
    ("step", lambda x, g, rate: -rate * g, "You return the step alone."),
    ("step", lambda x, g: x, "Your function has to take (x, gradient, learning_rate) (line"),
    ("step", 0.8, "This exercise wants a function, and got a single number."),
    ("step", int, "This exercise wants a function, and got the class int."),
    (
        "step",
        lambda x, g, r: x - g,
        (
            "For x = 1, gradient = 2, learning_rate = 0.1 your function "
            "returns -1, which is not right."
        ),
    ),
    (
        "step",
        lambda x, g, r: x - r * np.sum(g),
        (
            "For x = [1, -3], gradient = [0.5, 2], "
            "learning_rate = 0.25 your function returns [0.375, -3.625], which is not right."
        ),
    ),
    (
        "step",
        lambda x, g, r: np.nan,
        (
            "For x = 1, gradient = 2, learning_rate = 0.1 your function "
            "returns NaN (not a number) (line"
        ),
    ),
    ("pair", lambda x: (x**2, [x, 1.0]), "For x = 2 your function returns a tuple of 2 where 3 "),
    ("pair", lambda x: (x**2, x, True), "For x = 2 your function returns a single number where an"),
    ("number", 1.618, "That is the reciprocal."),
    ("number", -3, "It is positive."),
    ("number", 0.62, "Right so far; give one more digit."),
    ("number", 0.6, "0.6 is not right."),
    ("number", 0.61, "0.61 is not right."),
    ("number", "0.61803", "Your answer is a text where a number is wanted."),
    ("number", [0.61803], "Your answer is a list of 1 where a number is wanted."),
    ("number", True, "Your answer is True or False where a number is wanted."),
    ("number", float("inf"), "Your answer is infinity."),
    ("number", np.sqrt, "Your answer is a function (call it) where a number is wanted."),
    ("two", [2.0, -4.0, 0.0], "Your answer is a list of 3 where 2 values are wanted."),
    ("two", (1.0, -2.0), "Halved."),
    ("number", -3, "It is positive."),
    ("text", "AdaGrad", "It corrects."),
    ("text", "SGD", "'SGD' is not right."),
    ("text", 3, "Your answer is a single number where a text is wanted."),
    ("two", [2.0, 4.0], "[2, 4] is not right."),
    ("letter", "c", "Not c."),
    ("letter", "d", 'Answer with one of "a", "b", "c", in quotes.'),
    ("formula", a**2 - a * b, "A factor."),
    ("formula", a**2, "This formula does not have the right value everywhere."),
    ("formula", sp.Symbol("c") * a, "Your formula contains c; it may use a, b."),
    ("formula", sp.zoo, "Your formula contains a division by zero"),
    ("formula", "__import__('os')", "This exercise wants a SymPy expression, and got a text"),
    ("gradient", [2 * a], "Your answer has 1 formulas where 2 are wanted."),
]


@pytest.mark.parametrize(("name", "answer", "message"), WRONG)
def test_a_wrong_answer_is_told_what_is_wrong(name: str, answer: Any, message: str) -> None:
    assert says(name, answer).startswith(f"✗ not yet: {message}")


@pytest.mark.parametrize("got", [113.97, 114.0001, [114, 113.99999], (1, 114 + 1e-12)])
def test_what_is_not_right_is_never_rounded_to_what_is(got: Any) -> None:
    right = type(got)([114] * len(got)) if isinstance(got, list | tuple) else 114
    assert compare.apart(got, right) != compare.in_brief(right)
    assert "114 is not right" not in str(check("race/trials", got))


def test_true_and_false_are_called_so_whoever_made_them() -> None:
    assert compare.in_brief(np.bool_(True)) == compare.in_brief(True) == "True"


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("nesterov/uphill", lambda g, new, last: g[-1] * (new - last)[-1] > 0),
        ("nesterov/uphill", lambda g, new, last: g @ (new - last) > 1e-3),
        ("race/best", lambda c, r: r[np.argmin(np.median(np.nan_to_num(c, nan=6, posinf=6), 1))]),
    ],
)
def test_wrong_code_that_shares_a_symmetry_with_the_tests_is_not_praised(
    name: str, wrong: Any
) -> None:
    assert str(check(name, wrong)).startswith("✗")


def test_a_trial_is_whole() -> None:
    for trials in (113.97, 113.974, 114.0001):
        assert "A trial is whole" in str(check("race/trials", trials))


def descent(rate: float, steps: int) -> Any:
    def answer(cost: Any, start: Any) -> Any:
        x = start
        for _ in range(steps):
            x = x - rate * cost(x)[1]
        return x

    return answer


def test_a_challenge_measures_and_tells_the_score() -> None:
    best = check("trial/race", descent(0.5, 1))
    assert (repr(best), best.score) == (
        "✓ correct: 1 gradient evaluations; the score to beat was 10",
        1.0,
    )
    slow = check("trial/race", descent(0.3, 12))
    assert repr(slow) == (
        "✗ not yet: You arrive, with 12 gradient evaluations; the score to beat is 10."
    )


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (descent(0.3, 2), "You are not close enough."),
        (descent(0.01, 60), "Your run used up its budget of 50 gradient evaluations"),
        (descent(1e200, 3), "Your run ended at no finite point"),
        (lambda cost, start: "there", "Your function has to return the point where it arrived."),
        (lambda cost, start: np.zeros(2), "You are not close enough."),
        (lambda cost, start: start * 0 * cost(np.zeros((60, 2)))[0], "Your run used up its budget"),
    ],
)  # the last asks for a grid of points in one call: they count one by one
def test_a_challenge_cannot_be_won_by_other_means(answer: Any, message: str) -> None:
    assert check("trial/race", answer).message.startswith(message)


leaves = (
    st.none()
    | st.booleans()
    | st.text(max_size=5)
    | st.floats(-0.2, 0.2)
    | st.binary(max_size=3)
    | st.just(float("nan"))
    | st.complex_numbers(max_magnitude=0.2)
    | st.just(...)
)
anything = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=2), inner, max_size=2)
        | st.sets(leaves, max_size=2)
    ),
    max_leaves=6,
)


@given(st.sampled_from(NAMES), anything, st.booleans())
@settings(max_examples=200)
def test_no_junk_is_correct_or_raises_or_gets_two_answers(
    name: str, junk: Any, as_result: bool
) -> None:
    answer = (lambda *_: junk) if as_result else junk
    if name == "letter" and not as_result and isinstance(junk, str) and junk.strip() in "bB":
        return
    first, second = check(f"trial/{name}", answer), check(f"trial/{name}", answer)
    assert not first
    assert repr(first) == repr(second)
    assert "0.618" not in repr(first)
    assert "1.414" not in repr(first)


def test_a_notebook_shows_a_verdict_once_as_text_and_as_html(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from IPython.core.formatters import DisplayFormatter

    shown, _ = DisplayFormatter().format(check("trial/letter", "a"))
    assert set(shown) == {"text/plain", "text/html"}
    assert shown["text/plain"] == "✗ not yet: Not a."
    assert capsys.readouterr().out == ""
