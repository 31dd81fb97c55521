"""What readers answer in chapter 3."""

import math

import numpy as np

import gdlib as gd


def steps(product, tolerance):
    factor = abs(1 - product)
    if factor >= 1:
        return math.inf
    if factor == 0:
        return 1
    return math.ceil(math.log(tolerance) / math.log(factor))


def steps_by_counting(product, tolerance):
    if not 0 < product < 2:
        return np.inf
    k, error = 0, 1.0
    while error > tolerance:
        k, error = k + 1, error * abs(1 - product)
    return k


def steps_without_length(product, tolerance):
    if product > 1:
        return math.nan
    return 1 if product == 1 else steps(product, tolerance)


def ratio(product, tolerance):
    if product == 1:
        return 1
    return math.log(tolerance) / math.log(abs(1 - product)) if product < 2 else math.inf


def steps_of_signed_factor(product, tolerance):
    if product >= 2:
        return math.inf
    return 1 if product == 1 else math.ceil(math.log(tolerance) / math.log(1 - product))


def steps_for_all(product, tolerance):
    return steps(product, tolerance) if product < 2 else 0


def hessian(gradient):
    origin = gradient(np.zeros(2))
    return np.array([gradient(np.eye(2)[i]) - origin for i in range(2)])


def by_eigenvalues(gradient):
    return 2 / np.linalg.eigvalsh(hessian(gradient))[-1]


def by_power_iteration(gradient):
    origin, direction = gradient(np.zeros(2)), np.array([1.0, 0.3])
    for _ in range(200):
        change = gradient(direction) - origin
        length = np.linalg.norm(change)
        direction = change / length
    return 2 / length


def by_bisection(gradient):
    def settles(rate):
        run = gd.descend(
            lambda theta: (0.0, gradient(theta)), gd.gradient_descent(rate), [9.0, 5.0], steps=300
        )
        slopes = np.linalg.norm(run.gradients, axis=-1)
        return slopes[-1] < slopes[0]

    low, high = 1e-3, 1e3
    for _ in range(30):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if settles(middle) else (low, middle)
    return low


def backtrack(cost, theta, gradient, rate=1.0, slope=0.3):
    while cost(theta - rate * gradient) > cost(theta) - slope * rate * np.sum(gradient**2):
        rate = rate / 2
    return rate


def any_fall(cost, theta, gradient, rate, _):
    while cost(theta - rate * gradient) > cost(theta):
        rate = rate / 2
    return rate


def with_length(cost, theta, gradient, rate=1.0, slope=0.3):
    norm = np.linalg.norm(gradient)
    while cost(theta - rate * gradient) > cost(theta) - slope * rate * norm:
        rate = rate / 2
    return rate


def of_the_step_alone(cost, theta, gradient, rate=1.0, slope=0.3):
    while cost(rate * gradient) > cost(theta) - slope * rate * gradient @ gradient:
        rate /= 2
    return rate


def uphill(cost, theta, gradient, rate=1.0, slope=0.3):
    return backtrack(cost, theta, -gradient, rate, slope)


def whole_tangent(cost, theta, gradient, rate, _):
    return backtrack(cost, theta, gradient, rate, 1.0)


# The zeros of the Chebyshev polynomial of degree three, moved to the curvatures 1 to 10.
chebyshev = [1 / (5.5 + 4.5 * math.cos(math.pi * (2 * i + 1) / 6)) for i in range(3)]

RIGHT = {
    "learning-rate/regime": ["c", "C"],
    "learning-rate/steps": [steps, steps_by_counting],
    "learning-rate/units": [2000, 0.2 / 100 * 1000**2],
    "learning-rate/largest-rate": [by_eigenvalues, by_power_iteration, by_bisection],
    "learning-rate/backtracking": [backtrack],
    "learning-rate/rosenbrock": [0.0019968, 0.001997, 0.001996],
    "learning-rate/three-rates": [chebyshev, np.array(chebyshev), tuple(reversed(chebyshev))],
}
WRONG = {
    "learning-rate/regime": {"A crawl": "a", "It stays": "b", "It grows": "d"},
    "learning-rate/steps": {
        "Your count is negative": lambda product, tolerance: -steps(product, tolerance),
        "Right up to 1": steps_without_length,
        "A count of steps": ratio,
        "One step short": lambda product, tolerance: (
            steps(product, tolerance) - (product not in (1, 2, 2.5))
        ),
        "From 2 on": steps_for_all,
        "Your code stops with ValueError: math domain error": steps_of_signed_factor,
    },
    "learning-rate/units": {
        "You have changed the unit of the cost": 0.002,
        "You have changed the unit of the parameter": 200_000,
        "The parameter's unit": 2.0,
        "A larger cost": 2e7,
        "In smaller units": 2e-9,
    },
    "learning-rate/largest-rate": {
        "That is 1/L": lambda gradient: by_eigenvalues(gradient) / 2,
        "That is 2 over": lambda gradient: 2 / np.linalg.eigvalsh(hessian(gradient))[0],
        "That is the best": lambda gradient: 2 / np.trace(hessian(gradient)),
        "You have read": lambda gradient: 2 / hessian(gradient).diagonal().max(),
        "With your rate": lambda gradient: 1.3 * by_eigenvalues(gradient),
        "Your rate is stable": lambda gradient: 0.9 * by_eigenvalues(gradient),
    },
    "learning-rate/backtracking": {
        "You accept any fall": any_fall,
        "The fall to ask": with_length,
        "You ask for the whole": whole_tangent,
        "You return the first": lambda *given: given[3],
        "You shrink once": lambda *given: backtrack(*given) / 2,
        "You ask for the cost": of_the_step_alone,
        "You look uphill": uphill,
    },
    "learning-rate/rosenbrock": {
        "That is 1/L": 0.0009984,
        "You have taken": 5.008,
        "You have read": 0.002493766,
        "Rounded up": 0.001998,
    },
    "learning-rate/three-rates": {
        "Give three": [0.1, 0.1],
        "Every rate": [0.1, -0.1, 0.1],
    },
}
