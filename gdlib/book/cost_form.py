"""The form of a reader's own cost: a formula, or a table with a target."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gdlib.book import forms

FIRST = "x**2 + 10*y**2"


def form() -> str:
    """Return the form's HTML, as the cell below it stands in the notebook."""
    models = {
        "": {
            "": "what suits it",
            "least squares": "least squares",
            "logistic": "logistic regression",
        }
    }
    fields = [
        forms.text_field(
            "cost",
            "Your cost: a formula in one line, or a table with a row for each case",
            5,
            FIRST,
        ),
        forms.file_field(),
        forms.examples({name: text() for name, text in EXAMPLES.items()}),
        forms.line_field("box", "Of a formula: its box, from and to", hint="-3, 3"),
        forms.line_field("target", "Of a table: the column to explain", hint="y, or the last"),
        forms.choice("model", "and by", models, ""),
    ]
    return forms.form("your-cost", "Survey", "this cost", "".join(fields))


def _rent() -> str:
    """Make rents of flats: one feature in square metres, one in rooms."""
    rng = np.random.default_rng(3)
    size = rng.uniform(25, 140, 60)
    rooms = np.clip(np.round(size / 28 + rng.normal(0, 0.6, 60)), 1, None)
    rent = 180 + 9.5 * size + 45 * rooms + rng.normal(0, 90, 60)
    rows = (f"{s:.0f},{r:.0f},{y:.0f}" for s, r, y in zip(size, rooms, rent, strict=True))
    return "\n".join(["size,rooms,rent", *rows])


def _passed() -> str:
    """Make exams, passed or failed, by hours of work; with decimal commas."""
    rng = np.random.default_rng(5)
    hours = rng.uniform(0, 12, 40)
    passed = rng.random(40) < 1 / (1 + np.exp(5 - 0.9 * hours))
    rows = (
        f"{h:.1f};{'yes' if p else 'no'}".replace(".", ",")
        for h, p in zip(hours, passed, strict=True)
    )
    return "\n".join(["hours;passed", *rows])


EXAMPLES: dict[str, Callable[[], str]] = {
    "a narrow bowl": lambda: "0.5*x**2 + 50*y**2",
    "four minima": lambda: "(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
    "a saddle": lambda: "x**4/4 - x**2/2 + y**2",
    "rents (a table)": _rent,
    "passed or failed (a table)": _passed,
}
"""What each example's button says, and its text."""
