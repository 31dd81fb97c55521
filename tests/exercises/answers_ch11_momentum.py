"""What readers answer in chapter 11."""

import numpy as np


def tuned(flattest, steepest):
    roots = np.sqrt(steepest) + np.sqrt(flattest)
    return (2 / roots) ** 2, ((np.sqrt(steepest) - np.sqrt(flattest)) / roots) ** 2


def tuned_by_condition(flattest, steepest):
    root = np.sqrt(steepest / flattest)
    rho = (root - 1) / (root + 1)
    return (1 + rho) ** 2 / steepest, rho**2


def both_roots(flattest, steepest):
    rate, decay = tuned(flattest, steepest)
    return np.sqrt(rate), np.sqrt(decay)


def root_of_decay(flattest, steepest):
    rate, decay = tuned(flattest, steepest)
    return rate, np.sqrt(decay)


def root_of_rate(flattest, steepest):
    rate, decay = tuned(flattest, steepest)
    return np.sqrt(rate), decay


def plain_rate(flattest, steepest):
    return 2 / (flattest + steepest), tuned(flattest, steepest)[1]


def without_roots(flattest, steepest):
    return tuned(flattest, steepest)[0], ((steepest - flattest) / (steepest + flattest)) ** 2


def radius(scaled, decay):
    middle = 1 + decay - scaled
    inside = middle**2 - 4 * decay
    if inside < 0:
        return np.sqrt(middle**2 + abs(inside)) / 2
    return max(abs(middle + np.sqrt(inside)), abs(middle - np.sqrt(inside))) / 2


def by_eigenvalues(scaled, decay):
    return np.abs(np.linalg.eigvals([[1 - scaled, -decay], [scaled, decay]])).max()


def by_decay(scaled, decay):
    inside = (1 + decay - scaled) ** 2 - 4 * decay
    if inside < 0:
        return np.sqrt(decay)
    return (abs(1 + decay - scaled) + np.sqrt(inside)) / 2


def bent(size, straight=0.5):
    def wrong(scaled, decay):
        middle = 1 + decay - scaled
        inside = middle**2 - 4 * decay
        return size(middle, inside) if inside < 0 else straight * (abs(middle) + np.sqrt(inside))

    return wrong


def few_gradients(cost, start, flattest, steepest):
    rate, decay = tuned(flattest, steepest)
    theta, m = start, 0 * start
    value, gradient = cost(theta)
    while value > 1e-6:
        m = decay * m + gradient
        theta = theta - rate * m
        value, gradient = cost(theta)
    return theta


def conjugate(cost, start, flattest, steepest):
    """Conjugate gradients; the curvature along a direction is a difference of two gradients."""
    theta = start
    value, gradient = cost(theta)
    direction = -gradient
    while value > 1e-6:
        changed = cost(theta + direction)[1] - gradient
        theta = theta + (gradient @ gradient) / (direction @ changed) * direction
        before = gradient @ gradient
        value, gradient = cost(theta)
        direction = -gradient + (gradient @ gradient) / before * direction
    return theta


RIGHT = {
    "momentum/terminal": [0.05, 0.01 / (1 - 0.9) * 0.5],
    "momentum/swing": [13.93, 14, 13.9, 2 * np.pi / np.arccos(0.9)],
    "momentum/tuned": [tuned, tuned_by_condition],
    "momentum/translate": [0.005, 0.1 * 0.05],
    "momentum/radius": [radius, by_eigenvalues, by_decay],
    "momentum/floor": [0.010497, 0.0105, 3.8 / 362],
    "momentum/few-gradients": [few_gradients, conjugate],
}
WRONG = {
    "momentum/terminal": {
        "That is the first step": 0.005,
        "That is the rate times": 0.0045,
        "That is the damped": 0.0005,
        "That is the effective": 0.1,
        "That is how full": 5,
    },
    "momentum/swing": {
        "That is half": 6.966,
        "That is the angle of one step:": 0.451,
        "That is the angle of one step, in": 25.84,
        "Divide the real part": 10.03,
        "The real part is": np.inf,
    },
    "momentum/tuned": {
        "You return the *roots*": both_roots,
        "The rate is right": root_of_decay,
        "That is gradient descent": plain_rate,
        "Your rate is its root": root_of_rate,
        "Your decay has": without_roots,
        "The order": lambda flattest, steepest: tuned(flattest, steepest)[::-1],
    },
    "momentum/translate": {
        "The other way": 2,
        "You multiply by the decay": 0.095,
        "With that rate": 0.1,
        "That is 1": 0.05,
    },
    "momentum/radius": {
        "Still the article's": bent(lambda middle, inside: np.sqrt(middle**2 + abs(inside))),
        "You have halved": bent(lambda middle, inside: np.sqrt(middle**2 - inside) / 2, 1),
        "Inside the root": bent(lambda middle, inside: np.sqrt(abs(middle**2 + inside)) / 2),
        "Two real": lambda scaled, decay: (
            np.hypot(1 + decay - scaled, np.sqrt(abs((1 + decay - scaled) ** 2 - 4 * decay))) / 2
        ),
        "That is the *square*": bent(lambda middle, inside: (middle**2 - inside) / 4),
        "For a complex pair": bent(lambda middle, inside: abs(middle) / 2),
    },
    "momentum/floor": {
        "Close": 0.01,
        "That raises": 0.1,
        "A larger rate": 1,
        "That is the floor": 0.0526316,
    },
    "momentum/few-gradients": {"Your point": lambda cost, start, flattest, steepest: start},
}
