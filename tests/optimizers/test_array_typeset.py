"""Rules of whole arrays typeset as papers print them, and readable for KaTeX."""

from __future__ import annotations

import re

import pytest

import gdlib as gd
from gdlib.optimizers import ArrayOptimizer
from tests.widgets.typescript import run

# Typed by hand from the papers and from PyTorch's code.
LINES: dict[str, tuple[ArrayOptimizer, list[str]]] = {
    "muon": (
        gd.muon(),
        [
            r"M_{k} &= \beta M_{k-1} + \left(1 - \beta\right) G_{k}",
            r"N_{k} &= \beta M_{k} + \left(1 - \beta\right) G_{k}",
            (
                r"X_{k} &= \frac{N_{k}}"
                r"{\max\left(\varepsilon, \left\lVert N_{k} \right\rVert_F\right)}"
            ),
            (
                r"X_{k} &\leftarrow 3.4445 X_{k} + \left(2.0315 \left(X_{k} X_{k}^{\top}\right)^{2}"
                r" - 4.775 X_{k} X_{k}^{\top}\right) X_{k} \quad \text{(5 times)}"
            ),
            (
                r"\Theta_{k} &= \Theta_{k-1} - \eta \left(\sqrt{\max\left(1, \frac{m}{n}\right)}"
                r" X_{k} + \lambda \Theta_{k-1}\right)"
            ),
        ],
    ),
    "shampoo": (
        gd.shampoo(),
        [
            r"L_{k} &= L_{k-1} + G_{k} G_{k}^{\top}",
            r"R_{k} &= R_{k-1} + G_{k}^{\top} G_{k}",
            (
                r"\Theta_{k} &= \Theta_{k-1} - \eta \left(L_{k} + \varepsilon I\right)^{- 1 / 4}"
                r" G_{k} \left(R_{k} + \varepsilon I\right)^{- 1 / 4}"
            ),
        ],
    ),
    "clipped momentum": (
        gd.clipped(gd.momentum(0.1)),
        [
            (
                r"g_{k} &\leftarrow \min\left(1, \frac{\tau}"
                r"{\left\lVert g_{k} \right\rVert}\right) g_{k}"
            ),
            r"m_{k} &= \beta m_{k-1} + g_{k}",
            r"\theta_{k} &= \theta_{k-1} - \eta m_{k}",
        ],
    ),
    "schedule-free": (
        gd.schedule_free(gd.gradient_descent(0.1)),
        [
            r"\eta^{\max}_{k} &= \max\left(\eta, \eta^{\max}_{k-1}\right)",
            r"W_{k} &= W_{k-1} + \left(\eta^{\max}_{k}\right)^{2}",
            r"c_{k} &= \frac{\left(\eta^{\max}_{k}\right)^{2}}{W_{k}}",
            r"z_{k} &= z_{k-1} - \eta g_{k}",
            r"x_{k} &= \left(1 - c_{k}\right) x_{k-1} + c_{k} z_{k}",
            r"\theta_{k} &= \beta_0 x_{k} + \left(1 - \beta_0\right) z_{k}",
        ],
    ),
}
SCRIPT = """
import katex from "katex";
const strict = (code: string, message: string) => { throw new Error(`${code}: ${message}`); };
for (const text of data) katex.renderToString(text, { displayMode: true, strict });
console.log(JSON.stringify(data.length));
"""


def lines_of(printed: str) -> list[str]:
    inner = printed.removeprefix("\\begin{aligned}\n").removesuffix("\n\\end{aligned}")
    return re.split(r" \\\\(?:\[3pt\])?\n", inner)


@pytest.mark.parametrize("name", LINES)
def test_a_rule_is_typeset_as_its_paper_has_it(name: str) -> None:
    rule, lines = LINES[name]
    assert lines_of(rule.latex()) == lines


def test_what_is_done_number_by_number_is_marked_among_matrices() -> None:
    """M² would be a product of matrices; the square of each number is M^{∘2}."""
    assert r"\left(G'_{k}\right)^{\circ 2}" in gd.soap().latex()
    assert r"G_{k}^{\circ 2}" in gd.adafactor().latex()
    vectors = gd.adafactor().others
    assert vectors is not None
    assert r"\circ" not in vectors.latex()


def test_what_changes_is_boxed() -> None:
    changed = lines_of(gd.muon(nesterov=False).latex(since=gd.muon()))
    assert [r"\boxed" in line for line in changed] == [False, True, False, False, False]


def test_katex_reads_every_rule() -> None:
    rules: list[gd.Optimizer | ArrayOptimizer] = [rule for rule, _ in LINES.values()]
    rules += [make() for make in gd.optimizers.MATRIX_RULES.values()]
    rules += [gd.schedule_free(gd.clipped(rule)) for rule in rules[4:]]
    vectors = gd.adafactor().others
    assert isinstance(vectors, ArrayOptimizer)
    texts = [text for rule in (*rules, vectors) for text in (rule.latex(), rule.code("latex"))]
    texts.append(gd.soap().latex(since=gd.shampoo()))
    assert run(SCRIPT, texts) == len(texts)
