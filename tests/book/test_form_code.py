"""What is typed into a form is text to the code that it writes: Python's own parser says so."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from tests.widgets import typescript

HOSTILE = [
    '"); import os; os.system("ls") #', "'); exec('1') #", '"""', "'''", '\\"); exec("1") #', "\\",
    "\\\\", "a\\", "\n__import__('os')\n", "\r", "\r\nx = 1", "\x00", "\x1a", "\x0c", "\x85",
    "\x7f", "\u2028exec('1')\u2029", "\ud800", "\udfff\ud800", "\ufeff", "\u202e", "𝐠",
    "{x}", "$(x)", "%s",
    "\\u0022); exec(1) #", "\\N{QUOTATION MARK}", "</pre><script>alert(1)</script>", "problem:",
    "problem:x(); import os; x", "problem:__import__('os').system", "formula", "1, 2); exec('1'",
    "1e5, __import__('os')", "007, 08", "9" * 5000, "9" * 5000 + ", 1", "1_0, 0x1f", "1;2", "٣, ٤",
    "1, 2; exec(1), 2", "-3, 3\n; 0, 1", "yes", "x" * 100_000, "(" * 1000, "[" * 1000 + ", 1",
]  # fmt: skip
PLAIN = {
    "rule": "step = -eta*g", "on": "beale", "formula": "x**2", "box": "-3, 3", "against": "adam",
    "tuned": "yes", "name": "mine", "start": "1, 2", "steps": "7", "target": "y", "model": "ridge",
}  # fmt: skip
SCRIPT = """
import { codeFor as bench } from "./src/forms/workbench";
import { codeFor as survey } from "./src/forms/your-cost";
import { codeFor as diagnosis } from "./src/forms/own-log";
const codes = data.map((values: any) => {
  const fields = { get: (name: string) => values[name] ?? "" };
  return [bench(fields), survey(values.rule, fields), diagnosis(values.rule)];
});
console.log(JSON.stringify(codes));
"""
MADE = {"gd.Workbench", "gd.survey", "gd.diagnose"}
CALLS = MADE | {"display", "print"}


def filled() -> list[dict[str, str]]:
    """Return forms, each with one hostile field; the cost's formula and table are `rule`."""
    fields = [*PLAIN, "formula alone", "table"]
    forms = []
    for field in fields:
        for text in HOSTILE:
            changed = {"formula alone": {"on": "formula", "formula": text, "box": text}}
            changed["table"] = {"rule": f"x,y\n{text}", "target": text, "model": text}
            forms.append({**PLAIN, **changed.get(field, {field: text})})
    return forms


def stripped(text: str) -> str:
    """Return what JavaScript's `trim` leaves, which takes U+FEFF and leaves the separators."""
    return text.strip("\t\n\v\f\r \xa0\u2028\u2029\ufeff")


def look(code: str) -> dict[str, Any]:
    """Return the arguments of the call that a code makes, if it makes that one and no other."""
    tree = ast.parse(code)
    assert [type(part) for part in tree.body] == [ast.Import, ast.Try], code
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    made = [ast.unparse(call.func) for call in calls]
    grounds = {name for name in made if name.startswith("gd.problems.")}
    assert grounds <= {"gd.problems.two_clouds"}, code
    assert set(made) - grounds <= CALLS, code
    assert not {type(node) for node in ast.walk(tree)} & {ast.Lambda, ast.Await, ast.NamedExpr}
    (call,) = [call for call in calls if ast.unparse(call.func) in MADE]
    arguments = {str(i): value for i, value in enumerate(call.args)}
    arguments |= {str(word.arg): word.value for word in call.keywords}
    return {
        name: ast.unparse(value) if isinstance(value, ast.Call) else ast.literal_eval(value)
        for name, value in arguments.items()
    }


@pytest.fixture(scope="module")
def written() -> list[tuple[dict[str, str], list[str]]]:
    forms = filled()
    return list(zip(forms, typescript.run(SCRIPT, forms), strict=True))


def test_no_field_becomes_code(written: list[tuple[dict[str, str], list[str]]]) -> None:
    for values, codes in written:
        for code in codes:
            look(code)
        bench = look(codes[0])
        assert bench["rule"] == values["rule"]
        assert bench.get("name", "") == stripped(values["name"])
        assert bench["against"] == values["against"].split(",") if values["against"] else []
        assert bench["on"] == (values["formula"] if values["on"] == "formula" else values["on"])
        if not isinstance(bench.get("start"), list):
            assert bench.get("start", "") == stripped(values["start"])
        if not isinstance(bench["steps"], int):
            assert bench["steps"] == stripped(values["steps"])
        log = look(codes[2])
        assert log["0"] == f"{values['rule']}\n"


def test_a_problem_is_the_only_call_of_a_field() -> None:
    ((bench, *_),) = typescript.run(SCRIPT, [{**PLAIN, "on": "problem:two_clouds"}])
    assert look(bench)["on"] == "gd.problems.two_clouds()"


def test_numbers_are_pythons(written: list[tuple[dict[str, str], list[str]]]) -> None:
    (codes,) = [codes for values, codes in written if values["start"] == "007, 08"]
    assert look(codes[0])["start"] == [7, 8]
    assert look(codes[0])["steps"] == 7
