"""Derivatives of NumPy code by reverse-mode automatic differentiation, short enough to be read.

`gd.grad(f)` evaluates f on a `Var`, an array whose steps are written on a tape (`autodiff.var`).
Each step has a rule, the chain rule in a line (`autodiff.rules`), and from the tape's end to its
beginning the slopes come back to the inputs (`autodiff.reverse`). `autodiff.traced` writes the
steps of f and its gradient down for another language, and `autodiff.stop_gradient` returns an array
as a constant.
"""

from gdlib.autodiff.reverse import differentiate as differentiate
from gdlib.autodiff.reverse import grad as grad
from gdlib.autodiff.reverse import stop_gradient as stop_gradient
from gdlib.autodiff.reverse import value_and_grad as value_and_grad
from gdlib.autodiff.traced import traced as traced
from gdlib.autodiff.var import Var as Var

__all__ = ["grad", "value_and_grad"]
