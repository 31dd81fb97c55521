"""What the tests of checks share."""

from __future__ import annotations

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
