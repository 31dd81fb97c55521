"""Tests of the cost along a step: what is drawn of a line search."""

import numpy as np
import pytest
from matplotlib.axes import Axes

from gdlib import landscapes, plotting
from tests.plotting.figures import drawn

BOWL = landscapes.quadratic(condition=10)


def test_a_search_crosses_what_it_refuses_and_rings_what_it_takes(ax: Axes) -> None:
    plotting.line_search(ax, BOWL, (3.0, 1.0), learning_rate=0.25, slope=0.3)
    # g = (3, 10), so J(3 − 3η, 1 − 10η) by hand, and a fall of 109η along the tangent.
    along = drawn(ax, "along")[0]
    by_hand = ((3 - 3 * along[:, 0]) ** 2 + 10 * (1 - 10 * along[:, 0]) ** 2) / 2
    np.testing.assert_allclose(along[:, 1], by_hand, rtol=1e-12)
    (refused,), (taken,) = (drawn(ax, gid)[0] for gid in ("refused", "taken"))
    np.testing.assert_allclose(refused, [0.25, (2.25**2 + 10 * 1.5**2) / 2])
    np.testing.assert_allclose(taken, [0.125, (2.625**2 + 10 * 0.25**2) / 2])
    armijo = next(line for line in ax.lines if "Armijo" in str(line.get_label()))
    x, y = np.asarray(armijo.get_xdata()), np.asarray(armijo.get_ydata())
    np.testing.assert_allclose(y, 9.5 - 0.3 * 109 * x)


def test_rates_that_are_far_too_long_leave_the_picture_to_the_others(ax: Axes) -> None:
    plotting.line_search(ax, landscapes.rosenbrock(), (-1.2, 1.0))
    (taken,) = drawn(ax, "taken")
    assert taken[0, 0] == 2.0**-10
    assert 8 * taken[0, 0] < ax.get_xlim()[1] < 16 * taken[0, 0]
    bottom, top = ax.get_ylim()
    assert all(bottom < mark[0, 1] < top for mark in drawn(ax, "refused"))


@pytest.mark.parametrize("bad", [{"slope": 1.0}, {"shrink": 0.0}, {"learning_rate": -1.0}])
def test_no_search_is_drawn_that_backtracking_would_refuse(ax: Axes, bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(bad))):
        plotting.line_search(ax, BOWL, (1.0, 1.0), **bad)
