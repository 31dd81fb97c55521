"""Learning rates that change with the step, each one formula; and one that watches the cost."""

from gdlib.schedules.plateau import on_plateau
from gdlib.schedules.schedule import Schedule
from gdlib.schedules.shapes import (
    by_epoch,
    constant,
    cosine,
    exponential,
    inverse_time,
    linear_decay,
    one_cycle,
    polynomial,
    silver,
    step,
    warmup,
    wsd,
)

__all__ = [
    "Schedule",
    "by_epoch",
    "constant",
    "cosine",
    "exponential",
    "inverse_time",
    "linear_decay",
    "on_plateau",
    "one_cycle",
    "polynomial",
    "silver",
    "step",
    "warmup",
    "wsd",
]
