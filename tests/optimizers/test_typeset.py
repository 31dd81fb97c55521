"""Rules typeset as the papers print them: named moments, indices, hats, one line each."""

from __future__ import annotations

import dataclasses
import re

import pytest
import sympy as sp

import gdlib as gd
from gdlib.optimizers import typeset
from gdlib.optimizers.symbols import g, theta

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


# By hand: what each rule changes in the one before it.
NEWS = {
    ("gradient_descent", "adagrad"): [
        r"v_{k} &= \boxed{v_{k-1} + g_{k}^{2}}",
        r"\theta_{k} &= \theta_{k-1} - \frac{\eta g_{k}}{\boxed{\sqrt{v_{k}} + \varepsilon}}",
    ],
    ("adagrad", "rmsprop"): [
        r"v_{k} &= \boxed{\rho} v_{k-1} + \boxed{\left(1 - \rho\right)} g_{k}^{2}",
        r"\theta_{k} &= \theta_{k-1} - \frac{\eta g_{k}}{\sqrt{v_{k}} + \varepsilon}",
    ],
    ("momentum", "nesterov"): [
        r"m_{k} &= \beta m_{k-1} + g_{k}",
        r"\theta_{k} &= \theta_{k-1} - \eta \, \boxed{\left(\beta m_{k} + g_{k}\right)}",
    ],
    ("adam", "amsgrad"): [
        *LINES["adam"][:2],
        r"v^{\max}_{k} &= \boxed{\max\left(v_{k}, v^{\max}_{k-1}\right)}",
        LINES["adam"][2],
        r"\hat{v}_{k} &= \frac{\boxed{v^{\max}_{k}}}{1 - \beta_2^{k}}",
        LINES["adam"][4],
    ],
    ("gradient_descent", "gradient_descent"): LINES["gradient_descent"],
}


def lines_of(body: str) -> list[str]:
    inner = body.removeprefix("\\begin{aligned}\n").removesuffix("\n\\end{aligned}")
    return re.split(r" \\\\(?:\[3pt\])?\n", inner)


@pytest.mark.parametrize("name", LINES)
def test_a_rule_reads_as_in_its_paper(name: str) -> None:
    assert lines_of(gd.optimizers.catalogue[name](learning_rate=0.1).latex()) == LINES[name]


@pytest.mark.parametrize(("old", "new"), NEWS)
def test_what_a_rule_changes_in_another_is_boxed(old: str, new: str) -> None:
    since = gd.optimizers.catalogue[old](learning_rate=0.1)
    body = gd.optimizers.catalogue[new](learning_rate=0.1).latex(since=since)
    assert lines_of(body) == NEWS[old, new]


def test_a_factor_that_came_is_boxed_and_its_neighbours_are_not() -> None:
    rms = gd.rmsprop()
    rate, slope, mean, small = sp.symbols("eta g v epsilon", real=True)
    inside = dataclasses.replace(rms, step=-rate * slope / sp.sqrt(mean + small))
    assert lines_of(inside.latex(since=rms))[-1] == (
        r"\theta_{k} &= \theta_{k-1} - \frac{\eta g_{k}}{\boxed{\sqrt{v_{k} + \varepsilon}}}"
    )


def test_the_boxes_of_a_pair_of_rules_say_only_what_the_rule_says() -> None:
    rules = [build(learning_rate=0.1) for build in gd.optimizers.catalogue.values()]
    for old in rules:
        for new in rules:
            plain = re.sub(
                r"(?:\\, )?\\boxed{((?:[^{}]|{(?:[^{}]|{(?:[^{}]|{[^{}]*})*})*})*)}",
                r"\1",
                new.latex(since=old),
            )
            assert lines_of(plain) == lines_of(new.latex())


def test_a_rule_is_compared_with_a_rule_only() -> None:
    with pytest.raises(TypeError, match="must be one like"):
        gd.rmsprop().latex(since=gd.adagrad)  # type: ignore[arg-type]


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


@pytest.mark.parametrize(
    ("number", "text"),
    [((3, 10**6), "0.000003"), ((1234567, 10), "123456.7"), ((3, 250), "0.012")],
)
def test_a_decimal_has_all_its_digits(number: tuple[int, int], text: str) -> None:
    rule = gd.Optimizer("fixed", -sp.Rational(*number) * g)
    assert f"- {text} g" in rule.latex()


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        ("1e-8", "10^{-8}"),
        ("0.00000001", "10^{-8}"),
        ("2.5e-9", r"2.5 \cdot 10^{-9}"),
        ("9e-7", r"9 \cdot 10^{-7}"),
        ("1.25e-8", r"1.25 \cdot 10^{-8}"),
    ],
)
def test_a_tiny_number_is_a_power_of_ten_behind_what_it_is_added_to(
    number: str, printed: str
) -> None:
    rule = gd.Optimizer.parse(f"v = v + g**2; step = -eta*g/(sqrt(v) + {number})")
    assert rf"\frac{{\eta g_{{k}}}}{{\sqrt{{v_{{k}}}} + {printed}}}" in rule.latex()
    taken = gd.Optimizer.parse(f"v = v + g**2; step = -eta*g/(sqrt(v) - {number})")
    assert rf"\sqrt{{v_{{k}}}} - {printed}}}" in taken.latex()
    scaled = gd.Optimizer.parse(f"step = -{number}*g")
    assert f" - {printed} g_{{k}}" in scaled.latex()


def test_a_power_of_a_tiny_number_has_one_exponent() -> None:
    rule = gd.Optimizer.parse("step = -g/(1 + 1e-8**k)")
    assert r"1 + \left(10^{-8}\right)^{k}" in rule.latex()


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        ((1, 3 * 10**6), r"\frac{1}{3000000}"),
        ((1, 10**6), "0.000001"),
        ((1, 2), r"\frac{1}{2}"),
        ((1, 10**20), r"\frac{1}{100000000000000000000}"),
    ],
)
def test_other_fractions_stay_as_they_were(number: tuple[int, int], printed: str) -> None:
    rule = gd.Optimizer("small", -g / (sp.sqrt(1 + g**2) + sp.Rational(*number)))
    assert f"{{{printed} + " in rule.latex()


def test_a_power_of_a_sign_is_typeset() -> None:
    rule = gd.Optimizer("sign", -(sp.sign(g) ** 3) / (1 + sp.sign(theta)) ** 2)
    assert r"\operatorname{sign}^{3}\left(g_{k}\right)" in rule.latex()


def test_a_quotient_inside_a_function_is_a_fraction() -> None:
    slope = g
    rule = gd.Optimizer("waves", sp.sin(1 / (1 + slope**2)))
    assert r"\sin{\left(\frac{1}{1 + g_{k}^{2}} \right)}" in rule.latex()


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        (sp.Rational(24, 25), "0.96"),
        (sp.Rational(1, 10**6), "0.000001"),
        (sp.Rational(1, 3 * 10**7), r"\frac{1}{30000000}"),
        (sp.Rational(-1, 10**8), "-10^{-8}"),
        (sp.Rational(1, 2), r"\frac{1}{2}"),
        (sp.Rational(1, 3), r"\frac{1}{3}"),
    ],
)
def test_fractions_of_up_to_six_decimals_are_printed_as_decimals(
    number: sp.Rational, printed: str
) -> None:
    assert typeset._RulePrinter({}).doprint(number) == printed
