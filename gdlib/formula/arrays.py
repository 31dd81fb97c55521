"""Functions of whole arrays for formulas in which a symbol stands for an array.

All else in such a formula, + · / √ and the like, is done number by number, as NumPy does it.
"""

from __future__ import annotations

from typing import Any, Self

import sympy as sp


class _OfArrays(sp.Function):  # type: ignore[misc]  # SymPy publishes no types
    """A function that SymPy leaves as it stands; its operands keep their order."""

    is_extended_real = True


class matmul(_OfArrays):  # noqa: N801  NumPy's names, here and below
    """The product of two matrices."""

    nargs = 2


class transpose(_OfArrays):  # noqa: N801
    """A matrix with rows and columns exchanged."""

    nargs = 1


class norm(_OfArrays):  # noqa: N801
    """The root of the sum of all squares: the Frobenius norm of a matrix."""

    nargs = 1


class mean(_OfArrays):  # noqa: N801
    """The mean of all numbers."""

    nargs = 1


class row_means(_OfArrays):  # noqa: N801
    """The mean of each row, as a column."""

    nargs = 1


class column_means(_OfArrays):  # noqa: N801
    """The mean of each column, as a row."""

    nargs = 1


class rows(_OfArrays):  # noqa: N801
    """How many rows a matrix has."""

    nargs = 1


class columns(_OfArrays):  # noqa: N801
    """How many columns a matrix has."""

    nargs = 1


class identity(_OfArrays):  # noqa: N801
    """The identity of the size of a square matrix."""

    nargs = 1


class spectral_power(_OfArrays):  # noqa: N801
    """A power of a symmetric matrix: that of its eigenvalues; of those that are 0 it stays 0."""

    nargs = 2


class eigenvectors(_OfArrays):  # noqa: N801
    """The orthonormal eigenvectors of a symmetric matrix as columns, eigenvalues rising."""

    nargs = 1


class Repeat(sp.Expr):  # type: ignore[misc]
    """What becomes of `start` when it is put into `body` so many times.

    `body` is a `sympy.Lambda` of one symbol.
    """

    is_commutative = True
    is_extended_real = True

    def __new__(cls, body: sp.Lambda, start: sp.Expr, times: int) -> Self:  # noqa: D102
        made: Self = sp.Expr.__new__(cls, body, start, sp.Integer(times))
        return made

    @property
    def body(self) -> Any:
        """What is done each time."""
        return self.args[0]

    @property
    def start(self) -> Any:
        """What it is done to first."""
        return self.args[1]

    @property
    def times(self) -> int:
        """How often."""
        return int(self.args[2])


NUMBERS = (norm, mean, rows, columns)
"""What these return is one number, whatever they are given."""
OF_ARRAYS: tuple[type, ...] = (
    *(matmul, transpose, row_means, column_means, identity, spectral_power, eigenvectors),
    *NUMBERS,
)
