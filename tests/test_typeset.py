"""Rules typeset as the papers print them: named moments, indices, hats, one line each."""

from __future__ import annotations

import pytest

import gdlib as gd

# Hand-typed from the papers (and from PyTorch's documentation where it is the convention).
LINES = {
    "gradient_descent": [r"\theta_{k} &= \theta_{k-1} - \eta g_{k}"],
    "momentum": [r"m_{k} &= \beta m_{k-1} + g_{k}", r"\theta_{k} &= \theta_{k-1} - \eta m_{k}"],
    "nesterov": [
        r"m_{k} &= \beta m_{k-1} + g_{k}",
        r"\theta_{k} &= \theta_{k-1} - \eta \left(\beta m_{k} + g_{k}\right)",
    ],
    "adagrad": [
        r"v_{k} &= v_{k-1} + g_{k}^{2}",
        r"\theta_{k} &= \theta_{k-1} - \frac{\eta g_{k}}{\sqrt{v_{k}} + \varepsilon}",
    ],
    "adadelta": [
        r"v_{k} &= \rho v_{k-1} + \left(1 - \rho\right) g_{k}^{2}",
        r"\Delta_{k} &= \frac{\sqrt{u_{k-1} + \varepsilon} g_{k}}{\sqrt{v_{k} + \varepsilon}}",
        r"u_{k} &= \rho u_{k-1} + \left(1 - \rho\right) \Delta_{k}^{2}",
        r"\theta_{k} &= \theta_{k-1} - \eta \Delta_{k}",
    ],
    "adam": [
        r"m_{k} &= \beta_1 m_{k-1} + \left(1 - \beta_1\right) g_{k}",
        r"v_{k} &= \beta_2 v_{k-1} + \left(1 - \beta_2\right) g_{k}^{2}",
        r"\hat{m}_{k} &= \frac{m_{k}}{1 - \beta_1^{k}}",
        r"\hat{v}_{k} &= \frac{v_{k}}{1 - \beta_2^{k}}",
        r"\theta_{k} &= \theta_{k-1} - \frac{\eta \hat{m}_{k}}{\sqrt{\hat{v}_{k}} + \varepsilon}",
    ],
    "lion": [
        r"c_{k} &= \beta_1 m_{k-1} + \left(1 - \beta_1\right) g_{k}",
        r"m_{k} &= \beta_2 m_{k-1} + \left(1 - \beta_2\right) g_{k}",
        (
            r"\theta_{k} &= \theta_{k-1} - \eta \left(\operatorname{sign}\left(c_{k}\right)"
            r" + \lambda \theta_{k-1}\right)"
        ),
    ],
}


@pytest.mark.parametrize("name", LINES)
def test_a_rule_reads_as_in_its_paper(name: str) -> None:
    body = gd.optimizers.catalogue[name](learning_rate=0.1).latex()
    lines = (
        body.removeprefix("\\begin{aligned}\n").removesuffix("\n\\end{aligned}").split(" \\\\\n")
    )
    assert lines == LINES[name]


@pytest.mark.parametrize("name", gd.optimizers.catalogue)
def test_every_rule_is_typeset_with_balanced_braces(name: str) -> None:
    text = gd.optimizers.catalogue[name](learning_rate=0.1)._repr_latex_()
    assert text.startswith(r"$\displaystyle \begin{aligned}")
    assert text.count("{") == text.count("}")
    assert text.count(r"\left(") == text.count(r"\right)")


def test_the_readable_javascript_of_a_rule_names_its_moments() -> None:
    source = gd.adam().javascript()
    assert source.startswith("function step(theta, g, m, v, k, eta, beta1, beta2, epsilon) {")
    assert "m_hat" in source


def test_nadams_schedule_reads_as_dozat_writes_it() -> None:
    text = gd.nadam().latex()
    assert r"\mu_{k} &= \beta_1 \left(1 - \frac{0.96^{k/250}}{2}\right)" in text
    assert "0.96^{(1 + k)/250}" in text


def test_a_rule_that_says_where_to_go_reads_without_where_it_was() -> None:
    last = gd.proximal_descent(0.1, l1=1).latex().split("\n")[-2]
    assert last == (
        r"\theta_{k} &= \max\left(0, v_{k} - \alpha \eta\right)"
        r" - \max\left(0, -v_{k} - \alpha \eta\right)"
    )
