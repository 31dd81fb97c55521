"""Costs over data, each a mean over rows: what `descend` and `descend_batches` take.

`LeastSquares` and `LogisticRegression` are linear models, `SoftmaxRegression`, `Network` and
`MatrixFactorisation` are models whose cost is written in NumPy and differentiated by `autodiff`.
"""

from gdlib.problems.linear import (
    BLOCK,
    LeastSquares,
    LinearModel,
    LogisticRegression,
    sigmoid,
)
from gdlib.problems.made import LARGEST, noisy_line, two_clouds
from gdlib.problems.problem import Problem

__all__ = [
    "BLOCK",
    "LARGEST",
    "LeastSquares",
    "LinearModel",
    "LogisticRegression",
    "Problem",
    "noisy_line",
    "sigmoid",
    "two_clouds",
]
