"""KaTeX in a Node process that lives as long as its pipe: a formula in, HTML and MathML out.

A pipe, not a socket: there is no moment at which a connection is refused, and a build that is
killed leaves no server behind.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from gdlib.book.page_weight import unquoted

_LOOP = Path(__file__).with_name("katex_lines.cjs")


class FormulaError(ValueError):
    """KaTeX cannot read a formula; the message is its own."""


class Renderer:
    """KaTeX's script in Node; call it with a formula. Remembers, as a book repeats its symbols."""

    def __init__(self, node: Path, katex: Path) -> None:
        self._known: dict[tuple[str, bool], dict[str, str]] = {}
        self._process = subprocess.Popen(
            [str(node), str(_LOOP), str(katex)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __call__(self, latex: str, *, display: bool) -> str:
        """Return a formula as HTML with MathML inside, inline or displayed.

        Raises FormulaError if KaTeX cannot read it, RuntimeError if Node has ended.
        """
        if (latex, display) not in self._known:
            self._known[latex, display] = self._ask({"latex": latex, "display": display})
        answer = self._known[latex, display]
        if "error" in answer:
            raise FormulaError(answer["error"])
        return unquoted(answer["html"].replace('"katex"', '"katex" translate="no"'))

    def close(self) -> None:
        """End Node."""
        self._process.communicate()

    def _ask(self, request: dict[str, str | bool]) -> dict[str, str]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # the answer that does not come says the same
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"Node ended with code {self._process.wait()} while KaTeX worked")
        answer: dict[str, str] = json.loads(line)
        return answer
