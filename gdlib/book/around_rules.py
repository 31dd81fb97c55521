"""What is put around a rule, on the cheat sheet: two rules made from another one, and schedules.

The formulas are printed by the things themselves; here stands what no definition can say.
"""

from __future__ import annotations

from typing import NamedTuple

from gdlib import optimizers
from gdlib import schedules as shapes
from gdlib.schedules import Schedule


class Line(NamedTuple):
    """One schedule: an example of it, whose numbers are not shown, and what it is for."""

    example: Schedule
    when: str


_LAST = "{ref}`the bound for the last iterate <sec-again-line>`"
_SHAPES = "{ref}`the shapes <sec-schedules-shapes>`"
SCHEDULES = {
    "linear_decay": Line(
        shapes.linear_decay(1.0, 100), f"Noisy slopes, and a known length: 2.00 in {_LAST}."
    ),
    "cosine": Line(
        shapes.cosine(1.0, 100), f"The same: 2.06 in {_LAST}. Also with restarts: {_SHAPES}."
    ),
    "wsd": Line(
        shapes.wsd(1.0, 100, 10, 20),
        f"The length is decided late: 2.17 in {_LAST} if the last fifth falls"
        " ({ref}`how <sec-again-wsd>`).",
    ),
    "warmup": Line(
        shapes.warmup(10, shapes.constant(1.0)),
        "Before any other: the start is steeper than the rest ({ref}`why <sec-schedules-warmup>`,"
        " {ref}`when to clip instead <sec-again-clip>`).",
    ),
    "inverse_time": Line(
        shapes.inverse_time(1.0),
        "Convergence in spite of noise, for $\\frac12 < p \\le 1$"
        " ({ref}`the conditions <sec-schedules-conditions>`).",
    ),
    "polynomial": Line(shapes.polynomial(1.0, 100), f"PyTorch's `PolynomialLR`; {_SHAPES}."),
    "step": Line(shapes.step(1.0), f"PyTorch's `StepLR`; {_SHAPES}."),
    "exponential": Line(shapes.exponential(1.0), f"PyTorch's `ExponentialLR`; {_SHAPES}."),
    "silver": Line(
        shapes.silver(1.0),
        "Exact slopes, a convex cost, $2^m - 1$ steps ({ref}`why <sec-again-straight>`);"
        " $\\nu(k)$ says how often 2 divides $k$.",
    ),
}
"""By the name in `gd.schedules`, in the order of the page."""


def made() -> str:
    """Return the Markdown of the rules that are made from another one."""
    plain = optimizers.gradient_descent(0.1)
    clipped, free = optimizers.clipped(plain), optimizers.schedule_free(plain)
    norm, share = clipped.settings["norm"], free.settings["interpolation"]
    return f"""\
(rule-made)=
## Made from another rule

Around any rule, here around gradient descent. ({{doc}}`22-rate-again`)

Clipped
: `gd.clipped(rule, norm={norm:g})` shortens the gradient before the rule sees it, for where slopes\
 can be far too long ({{ref}}`sec-again-clip`).

  $$
  {_indented(clipped.latex())}
  $$

Schedule-free
: `gd.schedule_free(rule, interpolation={share:g})` keeps the rate and reports the mean $x$, for\
 when nobody knows the end ({{ref}}`sec-again-free`). It keeps $z$ and $x$ beside the rule's memory.

  $$
  {_indented(free.latex())}
  $$"""


def schedules() -> str:
    """Return the Markdown of the schedules: name, formula, and when to take it."""
    lines = (
        f"{_words(name)}\n: `{name}`: ${of.example.latex()}$. {of.when}"
        for name, of in SCHEDULES.items()
    )
    head = """\
(rule-schedules)=
## Schedules

Of `gd.schedules`; steps are $k = 1, 2, \\dots, T$. ({doc}`06-schedules`, {doc}`22-rate-again`)
"""
    return "\n".join([head, "\n\n".join(lines)])


def _words(name: str) -> str:
    return {"wsd": "WSD", "warmup": "Warm-up"}.get(name, name.replace("_", " ").capitalize())


def _indented(lines: str) -> str:
    return lines.replace("\n", "\n  ")
