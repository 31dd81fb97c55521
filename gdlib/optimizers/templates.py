"""What stands around a rule's lines in each framework's code.

A `$word` alone on a line is replaced by lines, maybe none, at its indentation; within a line, by
a text.
"""

NUMPY = """
import numpy as np


$signature
    $docstring
    k = state.get("k", 0) + 1
    $memory
    $lines
    return theta + step, {$state}
"""

TORCH = '''
import torch


class $Name(torch.optim.Optimizer):
    $docstring

    $signature
        super().__init__(params, dict($pairs))

    @torch.no_grad()
    def step(self, closure=None):
        """Move each parameter by one step; return what the closure returns."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            $settings
            for theta in group["params"]:
                if theta.grad is None:
                    continue
                g = theta.grad
                if g.is_sparse:
                    raise RuntimeError("$Name takes no sparse gradients")
                $memory
                $lines
                $kept
                theta.add_(step)
        return loss
'''

OPTAX = '''
from typing import NamedTuple

import jax
import jax.numpy as jnp
import optax


class ${Name}State(NamedTuple):
    """What the rule remembers: the number of its steps, and its moments."""

    count: jax.Array
    $fields


$signature
    $docstring

    def init(params):
        count = jnp.zeros([], jnp.int32)
        $memory
        return ${Name}State($state)

    def update(updates, state, params=None):
        $checked
        count = state.count + 1
        $given

        def one($taken):
            $lines
            return $results

        $mapped
        return step, ${Name}State($state)

    return optax.GradientTransformation(init, update)
'''

KERAS = """
import keras
from keras import ops


class $Name(keras.optimizers.Optimizer):
    $docstring

    $signature
        super().__init__(learning_rate=$rate, name=name, **kwargs)
        self.settings = dict($pairs)

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.memory = {}
        $memory

    def update_step(self, gradient, variable, learning_rate):
        dtype = variable.dtype
        g = ops.cast(gradient, dtype)
        $given
        $lines
        $kept
        self.assign_add(variable, step)

    def get_config(self):
        return {**super().get_config(), **self.settings}
"""

JAVASCRIPT = """
$docstring
$signature
    const k = (state.k ?? 0) + 1;
    $memory
    function one($taken) {
        $lines
        return [$results];
    }
    $mapped
    const column = (index) => results.map((result) => result[index]);
    return [column(0), { $state }];
}
"""
