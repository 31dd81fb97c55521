"""Where notebooks of an earlier edition look for `gd.Result` and `gd.measured`."""

from gdlib.results import Result, measured

__all__ = ["Result", "measured"]
