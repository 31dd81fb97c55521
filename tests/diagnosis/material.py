"""Losses and rows that several tests of the diagnosis look at."""

import numpy as np

import gdlib as gd

STEPS = np.arange(200)
DECAY = 0.5 + 2 * np.exp(-STEPS / 20)
_RNG = np.random.default_rng(5)
FEATURES = np.column_stack([np.ones(200), _RNG.standard_normal((200, 3))])
TARGETS = FEATURES @ [1.0, -1.0, 0.5, 2.0] + _RNG.standard_normal(200)
TABLE = gd.LeastSquares(FEATURES, TARGETS)
