"""Tests of how methods look, and of colours on light and dark pages."""

from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

import gdlib as gd
from gdlib import optimizers, plotting
from gdlib.plotting import relief, theme

Array = NDArray[np.float64]
LIGHT_PAGE, DARK_PAGE = "#fdfcfa", "#12171a"


OKLAB = (
    np.array([
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]),
    np.array([
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]),
)  # fmt: skip
# Machado, Oliveira & Fernandes 2009, doi:10.1109/TVCG.2009.113, severity 1
SIGHTS = {
    "all cones": np.eye(3),
    "no green cones": np.array([
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]),
    "no red cones": np.array([
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]),
}  # fmt: skip


def channel(c: float) -> float:
    """A channel of sRGB as light."""
    return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    """WCAG 2.2's relative luminance."""
    return float(np.dot((0.2126, 0.7152, 0.0722), [channel(c) for c in to_rgb(colour)]))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


BUILDS = [*optimizers.catalogue.values(), *optimizers.MATRIX_RULES.values()]
RULES = [build(learning_rate=0.1).name for build in BUILDS]
STEPS = ["gradient descent", "proximal descent", "Newton"]
BATCHES = ["batch", "mini-batch", "stochastic"]


def test_every_rule_has_a_look_of_its_own() -> None:
    assert set(RULES) | set(STEPS) | set(BATCHES) == set(theme.METHODS)


@pytest.mark.parametrize("names", [RULES, STEPS, BATCHES])
def test_two_methods_differ_in_colour_or_in_both_dash_and_marker(names: list[str]) -> None:
    for one, other in combinations([theme.METHODS[name] for name in names], 2):
        alike = one.colour == other.colour
        assert not alike or (one.dash != other.dash and one.marker != other.marker)


def oklab(colour: str, sight: Array) -> Array:
    """A colour's place in Ottosson's OKLab (2020), as seen by an eye."""
    linear = np.clip(sight @ [channel(c) for c in to_rgb(colour)], 0, 1)
    return np.asarray(OKLAB[1] @ np.cbrt(OKLAB[0] @ linear))


@pytest.mark.parametrize("sight", SIGHTS)
def test_methods_whose_colours_an_eye_confuses_differ_in_marker_or_dash(sight: str) -> None:
    for one, other in combinations([theme.METHODS[name] for name in RULES], 2):
        apart = oklab(one.colour, SIGHTS[sight]) - oklab(other.colour, SIGHTS[sight])
        # Okabe and Ito's own eight colours come as near as 0.076 to an eye without green.
        assert np.linalg.norm(apart) > 0.06 or (one.marker, one.dash) != (other.marker, other.dash)


@pytest.mark.parametrize("where", ["light", "dark", "figure"])
def test_momentum_and_nesterov_are_no_two_shades_of_one_hue(where: str) -> None:
    momentum, nesterov = (theme.PALETTE["methods"][name] for name in ("momentum", "Nesterov"))
    eye = SIGHTS["all cones"]
    assert np.linalg.norm(oklab(momentum[where], eye) - oklab(nesterov[where], eye)) > 0.2
    assert momentum["dash"] != nesterov["dash"]
    assert momentum["marker"] != nesterov["marker"]


@pytest.mark.parametrize("sight", SIGHTS)
def test_basins_have_six_colours_that_an_eye_tells_apart(sight: str) -> None:
    for one, other in combinations(theme.PALETTE["basins"], 2):
        assert np.linalg.norm(oklab(one, SIGHTS[sight]) - oklab(other, SIGHTS[sight])) > 0.07


def test_no_basin_has_a_methods_colour() -> None:
    looks = theme.PALETTE["methods"].values()
    methods = [look[where] for look in looks for where in ("light", "dark", "figure")]
    for basin in theme.PALETTE["basins"]:
        for method in methods:
            apart = oklab(basin, SIGHTS["all cones"]) - oklab(method, SIGHTS["all cones"])
            assert np.linalg.norm(apart) > 0.07


@pytest.mark.parametrize("page", [LIGHT_PAGE, DARK_PAGE])
def test_lines_can_be_seen_and_text_read_on_the_page(page: str) -> None:
    for look in (*theme.METHODS.values(), *theme.OTHERS):
        assert contrast(look.colour, page) >= 3
    assert contrast(plotting.INK, page) >= 4.1  # no grey reaches 4.2 on both of these pages


@pytest.mark.parametrize("colour", theme.PALETTE["figure"]["map"])
def test_labels_can_be_read_on_every_colour_of_the_map(colour: str) -> None:
    assert contrast(theme.DARK, colour) >= 4.5


def test_a_map_is_darkest_at_the_lowest_ground() -> None:
    lightness = [luminance(mpl.colors.to_hex(relief.MAP(t))) for t in np.linspace(0, 1, 20)]
    assert (np.diff(lightness) > 0).all()


def test_a_method_is_known_by_its_optimizer_and_by_labels_that_begin_with_it() -> None:
    adam = plotting.look(gd.adam(0.1))
    assert plotting.look("Adam") == plotting.look("adam, η = 0.1") == adam
    assert plotting.look("AdamW") != adam
    assert plotting.look("η = 0.1") not in theme.METHODS.values()


def test_runs_of_one_method_keep_its_colour_and_differ_in_their_dashes() -> None:
    first, second, third = theme.looks(["Adam, η = 1", "Adam, η = 2", "Adam, η = 3"])
    assert first.colour == second.colour == third.colour
    assert len({first.dash, second.dash, third.dash}) == 3


def test_eighteen_runs_without_a_method_all_look_different() -> None:
    assert len(set(theme.looks(f"run {i}" for i in range(18)))) == 18


def test_what_is_no_method_gets_a_colour_that_no_method_beside_it_has() -> None:
    momentum, theory, adam, bound = theme.looks(["momentum", "theory", "Adam", "bound"])
    colours = [momentum.colour, theory.colour, adam.colour, bound.colour]
    assert (momentum, adam) == (plotting.look("momentum"), plotting.look("Adam"))
    assert len(set(colours)) == 4
    alone, _ = theme.looks(["theory", "bound"])
    assert alone == plotting.look(None)
