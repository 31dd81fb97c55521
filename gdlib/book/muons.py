"""How three programs called Muon differ: PyTorch's, Optax' and the author's own.

`python -m gdlib.book.muons` prints the table. `tests/book/test_muons.py` holds each row true, by
versions of the three written by hand and by recorded runs.
"""

from __future__ import annotations

from typing import NamedTuple

PROGRAMS = ("the author's", "PyTorch's", "Optax's")
VERSIONS = ("00ba60d", "2.13", "0.2.8")
"""As they stood when the rows were checked; the author's is a commit."""


class Row(NamedTuple):
    """What is compared, and what each program does, in the order of `PROGRAMS`."""

    what: str
    author: str
    torch: str
    optax: str


_SAME = "the same"
ROWS = (
    Row("rate", "0.02", "0.001", "none: you have to say"),
    Row("momentum", r"$\beta M + (1-\beta)\,G$, $\beta = 0.95$", _SAME, _SAME),
    Row(
        "look ahead",
        r"$\beta M + (1-\beta)\,G$",
        _SAME,
        r"$\beta M/(1-\beta^{k+1})$ $+\ (1-\beta)\,G/(1-\beta^k)$",
    ),
    Row(r"weight of $g_1$ over $g_2$ at step 2", "0.463", "0.463", "0.374"),
    Row(
        "before the quintic, divide by",
        r"$\lVert N \rVert_F + 10^{-7}$",
        r"$\max(\lVert N \rVert_F, 10^{-7})$",
        r"$\lVert N \rVert_F + 10^{-8}$",
    ),
    Row("coefficients, times", "3.4445, −4.7750, 2.0315; 5", _SAME, _SAME),
    Row(
        "length of a step, $m$ rows and $n$ columns",
        r"$\eta\sqrt{\max(1, m/n)}$",
        r"the same, or on request $0.2\,\eta\sqrt{\max(m, n)}$",
        r"$\eta\sqrt{\max(1, n/m)}$, or on request $c\,\eta\sqrt{\max(m, n)}$",
    ),
    Row(r"weight decay $\lambda$", "0", "0.1", "0"),
    Row(
        "how it decays",
        r"$\theta$ times $1 - \eta\lambda$, without the factor of the shape",
        _SAME,
        r"adds $\lambda\theta$ to the step: the same",
    ),
    Row("numbers of the quintic", "bfloat16", "bfloat16", "those of the gradient"),
    Row("not a matrix", "in a class of its own, Adam", "refused", "AdamW with a look ahead"),
)


def table() -> str:
    """Return the rows as a Markdown table."""
    head = ["what", *PROGRAMS], ["---"] * 4
    return "\n".join(f"| {' | '.join(row)} |" for row in (*head, *ROWS))


if __name__ == "__main__":
    print(table())
