"""What the tests of checks share."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from gdlib.exercises import registry


@pytest.fixture
def trial() -> Iterator[None]:
    """Forget the exercises that a test registers."""
    before = dict(registry.EXERCISES)
    yield
    registry.EXERCISES.clear()
    registry.EXERCISES.update(before)


@pytest.fixture(autouse=True)
def nothing_collected() -> Iterator[None]:
    """Collect no garbage: freed deep in an endless recursion, it has no stack for its callbacks."""
    gc.disable()
    yield
    gc.enable()
