"""How common saddles are in many dimensions: symmetric matrices with random entries."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdlib import checks


def random_symmetric(dimension: int, count: int, seed: int) -> NDArray[np.float64]:
    """Draw symmetric matrices, (count, dimension, dimension), with no direction preferred.

    The Gaussian orthogonal ensemble: entries are normal, with variance 1/n on the diagonal and
    1/2n beside it, so that the eigenvalues fill (−√2, √2) as n grows (Wigner 1958,
    doi:10.2307/1970008).

    Raises
    ------
    TypeError, ValueError
        A dimension or a count below 1, or more than fits; a seed that is no whole number.
    """
    n = checks.count("dimension", dimension, at_least=1)
    many, seed = checks.count("count", count, at_least=1), checks.seed(seed)
    checks.room(f"{many} matrices of {n} × {n}", many * n * n)
    entries = np.random.default_rng(seed).standard_normal((many, n, n))
    return np.asarray((entries + entries.swapaxes(-1, -2)) / (2 * np.sqrt(n)))
