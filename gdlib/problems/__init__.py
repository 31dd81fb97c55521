"""Costs over data, each a mean over rows: what `descend` and `descend_batches` take.

`LeastSquares` and `LogisticRegression` are linear models. The others, `SoftmaxRegression`,
`Network`, `MatrixFactorisation` and `Transformer`, are models whose cost is written in NumPy and
differentiated by `autodiff`.
"""

from gdlib.problems.factorisation import MatrixFactorisation
from gdlib.problems.linear import (
    BLOCK,
    LeastSquares,
    LinearModel,
    LogisticRegression,
    sigmoid,
)
from gdlib.problems.made import LARGEST, noisy_line, two_clouds
from gdlib.problems.model import Model
from gdlib.problems.network import Convolution, Network
from gdlib.problems.problem import Problem
from gdlib.problems.softmax import SoftmaxRegression
from gdlib.problems.transformer import Transformer
from gdlib.problems.words import book_words, skip_gram

__all__ = [
    "BLOCK",
    "LARGEST",
    "Convolution",
    "LeastSquares",
    "LinearModel",
    "LogisticRegression",
    "MatrixFactorisation",
    "Model",
    "Network",
    "Problem",
    "SoftmaxRegression",
    "Transformer",
    "book_words",
    "noisy_line",
    "sigmoid",
    "skip_gram",
    "two_clouds",
]
