"""Evaluate printed JavaScript in the Node of the pinned wheel: one process, many programs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from gdlib.book import npm

# Reads a line {source, calls}, where `source` is an expression of a function; answers a line of
# what each call returned, numbers as text, since JSON has no NaN and no infinity.
_SERVER = """
const said = (x) => Array.isArray(x) ? x.map(said) : Object.is(x, -0) ? "-0" : String(x);
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  let answer;
  try {
    const { source, calls } = JSON.parse(line);
    const f = new Function(`"use strict"; return ${source}`)();
    answer = calls.map((values) => said(f(...values.map(Number))));
  } catch (error) { answer = { error: String(error) }; }
  process.stdout.write(JSON.stringify(answer) + "\\n");
});
"""


class Node:
    """A running Node that is handed functions as text, with the numbers to call them on."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [str(npm.NODE), "-e", _SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def call(self, source: str, calls: Sequence[Sequence[float]]) -> Any:
        """Return what the function that `source` writes returns for each list of numbers."""
        assert self._process.stdin
        assert self._process.stdout
        texts = [[repr(float(value)).replace("inf", "Infinity") for value in c] for c in calls]
        self._process.stdin.write(json.dumps({"source": source, "calls": texts}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if isinstance(answer, dict):
            raise RuntimeError(f"{answer['error']} in\n{source}")
        return _numbers(answer)


def _numbers(answer: Any) -> Any:
    if isinstance(answer, list):
        return [_numbers(item) for item in answer]
    return float(answer.replace("Infinity", "inf"))
