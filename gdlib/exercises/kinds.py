"""The kinds of exercise that a chapter's checks are made of.

`function` and `custom` decorate; `value` and `choice` are called. `symbolic` has expressions,
`challenges` has what is scored.
Each registers one exercise. No message of theirs contains the right answer.
"""

from __future__ import annotations

import dis
import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gdlib.exercises.compare import apart, complaint, cut_short, described, in_brief, listed, same
from gdlib.exercises.registry import Mistake, register
from gdlib.exercises.sandbox import Mutated, NotStarted, NotYet, at_line, call, returning_line
from gdlib.exercises.verdict import Verdict

Function = Callable[..., Any]
CUT_SHORT = "Right so far; give one more digit."
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
    otherwise: str = "",
) -> None:
    """Register an exercise whose answer is a number, a text, or a tuple of those.

    Its mistakes are data (`like`, `among`, `between`), so that a page without Python knows them
    too. `note` follows a correct answer, `otherwise` is said of one that no mistake explains.
    """
    page = {
        "expected": in_json(answer),
        "rtol": rtol,
        "atol": atol,
        "mistakes": [mistake_in_json(mistake) for mistake in mistakes],
        "note": note,
        "otherwise": otherwise,
    }

    def judge(given: Any) -> Verdict:
        if listed(given) and any(item is ... for item in given):
            raise NotStarted
        if same(given, answer, rtol, atol):
            return Verdict.right(note)
        for mistake in mistakes:
            if meant(mistake, given, rtol, atol):
                return Verdict.wrong(mistake.message)
        if odd := complaint(given, answer):
            return Verdict.wrong(f"Your answer is {odd}.")
        if cut_short(given, answer, rtol, atol):
            return Verdict.wrong(CUT_SHORT)
        return Verdict.wrong(otherwise or f"{apart(given, answer)} is not right.")

    secrets = (in_brief(answer),) if isinstance(answer, float) else ()
    register(name, judge, mistakes, secrets=secrets, page=page)


def in_json(answer: Any) -> Any:
    """Return a value as JSON has it: a tuple as a list, an infinite number as its name."""
    if isinstance(answer, tuple):
        return [in_json(item) for item in answer]
    if isinstance(answer, str):
        return {"text": answer}
    number = float(answer)
    return number if math.isfinite(number) else str(number)


def mistake_in_json(mistake: Mistake) -> dict[str, Any]:
    """Return a value's mistake as JSON has it."""
    if mistake.when is not None:
        raise TypeError("a value's mistake has `like`, `among` or `between`, and no predicate")
    return {
        "message": mistake.message,
        "among": [in_json(wrong) for wrong in wrongs(mistake)],
        "between": None if mistake.between is None else in_json(mistake.between),
    }


def wrongs(mistake: Mistake) -> tuple[Any, ...]:
    """Return the wrong values that a mistake names."""
    return mistake.among if mistake.like is None else (mistake.like, *mistake.among)


def meant(mistake: Mistake, given: Any, rtol: float, atol: float) -> bool:
    """Return whether a value is this mistake."""
    if any(same(given, wrong, rtol, atol) for wrong in wrongs(mistake)):
        return True
    return mistake.between is not None and inside(given, *mistake.between)


def inside(given: Any, low: Any, high: Any) -> bool:
    """Return whether a value lies between two others, each number of a tuple between its own."""
    if complaint(given, low):
        return False
    if isinstance(low, tuple):
        return all(inside(*three) for three in zip(given, low, high, strict=True))
    return bool(low < float(given) < high)


def choice(name: str, answer: str, why_not: Mapping[str, str], *, note: str = "") -> None:
    """Register a multiple-choice exercise: the right letter, and for each other one why not."""
    letters = sorted([answer, *why_not])
    names = ", ".join(f'"{one}"' for one in letters)
    otherwise = f"Answer with one of {names}, in quotes."
    page = {
        "letters": letters,
        "answer": answer,
        "why_not": dict(why_not),
        "note": note,
        "otherwise": otherwise,
    }

    def judge(given: Any) -> Verdict:
        letter = given.strip().lower() if isinstance(given, str) else ""
        if letter == answer:
            return Verdict.right(note)
        return Verdict.wrong(why_not.get(letter, otherwise))

    mistakes = [Mistake(message, like=letter) for letter, message in why_not.items()]
    register(name, judge, mistakes, page=page)


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
