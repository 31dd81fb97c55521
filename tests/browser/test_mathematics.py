"""KaTeX, as the build runs it: from Node's own process, with MathML for who does not see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gdlib.book import npm
from gdlib.book.katex import FormulaError, Renderer
from gdlib.book.plain import plain
from gdlib.optimizers import Optimizer, catalogue
from tests.browser.site import ROOT
from tests.formula.test_names import hostile_latex

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.site
SCRIPT = ROOT / "_build" / "npm" / "node_modules" / "katex" / "dist" / "katex.min.js"


@pytest.fixture(scope="module")
def render() -> Iterator[Renderer]:
    render = Renderer(npm.NODE, SCRIPT)
    yield render
    render.close()


def test_a_formula_becomes_html_and_mathml_with_its_source(render: Renderer) -> None:
    html = render(r"\theta \leftarrow \theta - \eta \nabla J", display=False)
    assert "<math" in html
    assert "aria-hidden=true" in html
    assert r"\theta \leftarrow \theta - \eta \nabla J</annotation>" in html
    assert "<span class=katex translate=no>" in html


def test_a_displayed_formula_differs_and_lines_and_quotes_in_it_do_no_harm(
    render: Renderer,
) -> None:
    text = '\\text{"two\nlines"} \\sum_{k=1}^n x_k'
    assert "katex-display" in render(text, display=True)
    assert "katex-display" not in render(text, display=False)


def test_a_formula_that_cannot_be_read_is_named_and_the_next_one_is_read(
    render: Renderer,
) -> None:
    with pytest.raises(FormulaError, match=r"KaTeX parse error.*\\frac\{1"):
        render(r"\frac{1", display=False)
    with pytest.raises(FormulaError, match="Undefined control sequence"):
        render(r"\nosuchcommand", display=False)
    assert "<math" in render("x", display=False)


def test_a_node_that_ends_is_reported_and_does_not_hang_the_build() -> None:
    broken = Renderer(npm.NODE, SCRIPT.with_name("missing.js"))
    with pytest.raises(RuntimeError, match="Node ended with code 1"):
        broken("x", display=False)
    broken.close()


def test_formulas_are_set_whatever_their_symbols_are_called(render: Renderer) -> None:
    for formula in hostile_latex():
        assert "<math" in render(formula, display=True)


@pytest.mark.parametrize("name", catalogue)
def test_a_rules_latex_can_be_pasted(render: Renderer, name: str) -> None:
    latex = catalogue[name](0.1).code("latex")
    assert "<math" in render(latex, display=True)
    assert latex.startswith("\\begin{align*}\n% ")


def test_a_written_rules_latex_can_be_pasted_whatever_its_name(render: Renderer) -> None:
    rule = Optimizer.parse("v = 2; v = 0.9*v + g**2; step = -eta*g/sqrt(v)", name="a%\n\\end{b}{")
    assert "<math" in render(rule.code("latex"), display=True)


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\theta_{k+1} = \theta_k - \eta\nabla J(\theta_k)", "θₖ₊₁ = θₖ − η∇J(θₖ)"),
        (r"\frac{1}{2}(w_1w_2 - 1)^2", "½(w₁w₂ − 1)²"),
        (r"\frac{-b}{2a}", "(−b)/(2a)"),
        (r"\eta < \frac{2}{L}", "η < 2/L"),
        (r"\sqrt{1 + x^2}", "√(1 + x²)"),
        (r"\hat v, \bar x", "v̂, x̄"),
        (r"10^{-6}", "10⁻⁶"),
        (r"2^{2^k}", "2^(2^k)"),
        (r"x = -1", "x = −1"),
        (r"[-1, 1]", "[−1, 1]"),
        (r"\cos\pi", "cos π"),
        (r"\cos^2 x", "cos²x"),
        (r"\max_x f, \lambda_{\max}", "maxₓf, λ_(max)"),
        (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", "(1, 2; 3, 4)"),
    ],
)
def test_a_formula_can_be_said_in_one_line_of_plain_text(
    render: Renderer, latex: str, text: str
) -> None:
    assert plain(latex, render) == text
