"""The form of the workbench: a rule, what it races on, against whom."""

from __future__ import annotations

from gdlib import landscapes, optimizers
from gdlib.book import forms
from gdlib.widgets.race import standard_methods

HEAVY_BALL = "m = 0.9*m + g\nstep = -eta*m"
EXAMPLES = {
    "heavy ball": HEAVY_BALL,
    "sign descent": "step = -eta*sign(g)",
    "Adam": (
        "beta_1 = 0.9\nbeta_2 = 0.999\nepsilon = 1e-8\n"
        "m = beta_1*m + (1 - beta_1)*g\nv = beta_2*v + (1 - beta_2)*g**2\n"
        "step = -eta*(m/(1 - beta_1**k))/(sqrt(v/(1 - beta_2**k)) + epsilon)"
    ),
    "two momenta": "m = 0.9*m + g\nn = 0.99*n + g\nstep = -eta*(m + 0.1*n)",
    "a slip": "m = 0.9*m + g\nstep = -eta*q",
}
"""What each example's button says, and its rule. The last shows how a mistake is told."""
ON = "beale"
AGAINST = "gradient_descent", "nesterov", "adam"
STEPS = 200
PROBLEMS = {"noisy_line": "a line through 100 points", "two_clouds": "two classes of 50 points"}


def form() -> str:
    """Return the form's HTML, as the cell below it stands in the notebook."""
    grounds = {
        "Landscapes": {name: build().name for name, build in landscapes.catalogue.items()},
        "Problems": {f"problem:{name}": shown for name, shown in PROBLEMS.items()},
        "Yours": {"formula": "a formula of your own"},
    }
    rules = {
        name: rule.name for name, rule in zip(optimizers.catalogue, standard_methods(), strict=True)
    }
    own = forms.line_field("formula", "Its formula", "x**2 + 10*y**2 + sin(3*x)", size=28)
    box = forms.line_field("box", "Its box, from and to", hint="-3, 3")
    fields = [
        forms.text_field(
            "rule", "Your rule: a line for each quantity, the step last", 4, HEAVY_BALL
        ),
        forms.examples(EXAMPLES),
        forms.choice("on", "Race it on", grounds, ON),
        f"<div data-own>{own}{box}</div>",
        forms.ticks("against", "Against", rules, AGAINST),
        forms.tick(
            "tuned", "Tune every rule’s rate first, on one grid and from other starts", on=True
        ),
        "<details><summary>Name, start, steps</summary>",
        forms.line_field("name", "What it is called", hint="your rule"),
        forms.line_field("start", "Where all begin", hint="1.5, -1"),
        forms.line_field("steps", "How many steps", str(STEPS), size=6),
        "</details>",
    ]
    return forms.form("workbench", "Race", "this rule", "".join(fields))
