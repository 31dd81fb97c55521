"""The kinds of exercise that a chapter's checks are made of.

`function` and `custom` decorate; `value` and `choice` are called. `symbolic` has expressions,
`challenges` has what is scored.
Each registers one exercise. No message of theirs contains the right answer.
"""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gdlib.exercises.compare import apart, complaint, described, in_brief, same
from gdlib.exercises.registry import Mistake, register
from gdlib.exercises.sandbox import Mutated, NotStarted, NotYet, at_line, call, returning_line
from gdlib.exercises.verdict import Verdict

Function = Callable[..., Any]
QUIET_OPERATIONS = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "COPY_FREE_VARS"}


def function(
    name: str,
    inputs: Sequence[tuple[Any, ...]],
    mistakes: Sequence[Mistake] = (),
    *,
    rtol: float = 1e-7,
    atol: float = 1e-10,
    note: str = "",
    seconds: float = 2.0,
    stops: Callable[..., str] = lambda *_: "",
    slow: str = "",
) -> Callable[[Function], Function]:
    """Register an exercise whose answer is a function; decorates the right one.

    `inputs` is a list of argument tuples; every call gets copies. A mistake's `like` is a wrong
    function with the same parameters, its `when` takes `(result, *inputs)`. Results may be
    numbers, arrays, bools, texts, or a tuple of those. `note` follows a correct answer.
    `stops` says, of the inputs at which an answer ends with an error, what is special about them;
    `slow` is said of an answer that ran out of time.
    """

    def decorate(right: Function) -> Function:
        def judge(answer: Any) -> Verdict:
            check_callable(answer, right, len(inputs[0]))
            results, mutated = run(answer, inputs, stops)
            if mistake := recognised(results, inputs, mistakes, rtol, atol):
                return Verdict.wrong(mistake.message)
            for result, given in zip(results, inputs, strict=True):
                expected = call(right, *given)
                if not same(result, expected, rtol, atol):
                    return Verdict.wrong(unlike(answer, right, given, result, expected))
            if mutated is not None:
                raise mutated
            return Verdict.right(note)

        register(name, judge, mistakes, seconds, slow=slow)
        return right

    return decorate


def run(
    answer: Function,
    inputs: Sequence[tuple[Any, ...]],
    stops: Callable[..., str] = lambda *_: "",
) -> tuple[list[Any], Mutated | None]:
    """Return the results for all inputs, and whether an input was changed on the way."""
    results, mutated = [], None
    for given in inputs:
        try:
            result = call(answer, *given)
        except Mutated as change:
            result, mutated = change.args[0], change
        except NotYet as error:
            raise NotYet(" ".join(filter(None, [str(error), stops(*given)]))) from None
        if result is ...:
            raise NotStarted
        results.append(result)
    return results, mutated


def recognised(
    results: list[Any],
    inputs: Sequence[tuple[Any, ...]],
    mistakes: Sequence[Mistake],
    rtol: float,
    atol: float,
) -> Mistake | None:
    """Return the first mistake that explains every result."""
    for mistake in mistakes:
        pairs = zip(results, inputs, strict=True)
        if all(explains(mistake, result, given, rtol, atol) for result, given in pairs):
            return mistake
    return None


def explains(
    mistake: Mistake, result: Any, given: tuple[Any, ...], rtol: float, atol: float
) -> bool:
    """Return whether one result is what this mistake gives; an error in it means no."""
    try:
        if mistake.when is not None:
            return bool(mistake.when(result, *given))
        return same(result, call(mistake.like, *given), rtol, atol)
    except Exception:
        return False


def unlike(
    answer: Function, right: Function, given: tuple[Any, ...], got: Any, expected: Any
) -> str:
    """Return the message for a result that no named mistake explains."""
    asked = ", ".join(
        f"{name} = {in_brief(value)}"
        for name, value in zip(inspect.signature(right).parameters, given, strict=False)
    )
    if odd := complaint(got, expected):
        return f"For {asked} your function returns {odd}{returning_line(answer)}."
    return f"For {asked} your function returns {apart(got, expected)}, which is not right."


def check_callable(answer: Any, right: Function, count: int) -> None:
    """Refuse what is no function of `count` arguments; `NotStarted` for a blank body."""
    if not callable(answer) or isinstance(answer, type):
        raise NotYet(f"This exercise wants a function, and got {described(answer)}.")
    if blank(answer):
        raise NotStarted
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(*range(count))
    except TypeError:
        wanted = ", ".join(list(inspect.signature(right).parameters)[:count])
        code = getattr(answer, "__code__", None)
        where = at_line(code.co_filename, code.co_firstlineno) if code else ""
        raise NotYet(f"Your function has to take ({wanted}){where}.") from None
    if inspect.isgeneratorfunction(answer) or inspect.iscoroutinefunction(answer):
        raise NotYet("Your function has to `return` its result: it uses `yield` or `async`.")


def blank(answer: Any) -> bool:
    """Return whether a function's body is only a docstring, `...` or `pass`."""
    code = getattr(answer, "__code__", None)
    if code is None:
        return False
    steps = list(dis.get_instructions(code))
    values = [step.argval for step in steps if step.opname in ("LOAD_CONST", "RETURN_CONST")]
    return {step.opname for step in steps} <= QUIET_OPERATIONS and all(
        item is None or item is ... for item in values
    )


def value(
    name: str,
    answer: Any,
    mistakes: Sequence[Mistake] = (),
    *,
    rtol: float = 1e-3,
    atol: float = 1e-12,
    note: str = "",
) -> None:
    """Register an exercise whose answer is a number, an array, or a tuple of those.

    A mistake's `like` is a wrong value, its `when` a predicate of the answer. `answer` may be a
    function without arguments that computes it. `note` follows a correct answer.
    """

    def judge(given: Any) -> Verdict:
        expected = answer() if callable(answer) else answer
        items = given if isinstance(given, list | tuple) else ()
        if any(item is ... for item in items):
            raise NotStarted
        if same(given, expected, rtol, atol):
            return Verdict.right(note)
        for mistake in mistakes:
            if meant(mistake, given, rtol, atol):
                return Verdict.wrong(mistake.message)
        if odd := complaint(given, expected):
            return Verdict.wrong(f"Your answer is {odd}.")
        return Verdict.wrong(f"{apart(given, expected)} is not right.")

    secrets = () if callable(answer) or not isinstance(answer, float) else (in_brief(answer),)
    register(name, judge, mistakes, secrets=secrets)


def meant(mistake: Mistake, given: Any, rtol: float, atol: float) -> bool:
    """Return whether a value is this mistake; an error in its predicate means no."""
    try:
        if mistake.when is not None:
            return bool(mistake.when(given))
        return same(given, mistake.like, rtol, atol)
    except Exception:
        return False


def choice(name: str, answer: str, why_not: Mapping[str, str], *, note: str = "") -> None:
    """Register a multiple-choice exercise: the right letter, and for each other one why not."""
    letters = sorted([answer, *why_not])

    def judge(given: Any) -> Verdict:
        letter = given.strip().lower() if isinstance(given, str) else ""
        if letter == answer:
            return Verdict.right(note)
        if letter in why_not:
            return Verdict.wrong(why_not[letter])
        names = ", ".join(f'"{one}"' for one in letters)
        return Verdict.wrong(f"Answer with one of {names}, in quotes.")

    mistakes = [Mistake(message, like=letter) for letter, message in why_not.items()]
    register(name, judge, mistakes)


def custom(
    name: str, mistakes: Sequence[Mistake] = (), *, seconds: float = 2.0
) -> Callable[[Callable[[Any], Verdict]], Callable[[Any], Verdict]]:
    """Register an exercise with a judge of its own: `answer → Verdict`, or raise `NotYet`.

    The judge runs the reader's code by `call(answer, *inputs)`. `mistakes` lists what it may
    say, for the tests; each one's `like` and `when` are not used.
    """

    def decorate(judge: Callable[[Any], Verdict]) -> Callable[[Any], Verdict]:
        register(name, judge, mistakes, seconds)
        return judge

    return decorate
