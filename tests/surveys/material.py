"""What several tests of surveys look at, surveyed once."""

from __future__ import annotations

from functools import cache

import gdlib as gd


@cache
def surveyed(name: str) -> gd.Survey:
    """Return the survey of a landscape of the catalogue."""
    return gd.survey(gd.landscapes.catalogue[name]())
