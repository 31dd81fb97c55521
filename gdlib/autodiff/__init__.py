"""Derivatives of NumPy code by reverse-mode automatic differentiation."""

from gdlib.autodiff.reverse import grad as grad
from gdlib.autodiff.reverse import value_and_grad as value_and_grad
from gdlib.autodiff.var import Var as Var
