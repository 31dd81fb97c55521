"""What readers answer in chapter 4."""

import numpy as np


def after(hessian, start, rate, steps):
    values, vectors = np.linalg.eigh(hessian)
    return vectors @ ((1 - rate * values) ** steps * (vectors.T @ start))


def by_powers(hessian, start, rate, steps):
    return np.linalg.matrix_power(np.eye(len(start)) - rate * hessian, steps) @ start


def by_loop(hessian, start, rate, steps):
    for _ in range(steps):
        start = start - rate * hessian @ start
    return start


def one_step(hessian, start, rate, _):
    return start - rate * hessian @ start


def power_of_curvature(hessian, start, rate, steps):
    values, vectors = np.linalg.eigh(hessian)
    return vectors @ (values**steps * (vectors.T @ start))


def uphill(hessian, start, rate, steps):
    return by_powers(hessian, start, -rate, steps)


def times_steps(hessian, start, rate, steps):
    return one_step(hessian, start, rate, steps) * steps


def entry_by_entry(hessian, start, rate, steps):
    return (np.eye(len(start)) - rate * hessian) ** steps @ start


def left_there(hessian, start, rate, steps):
    values, vectors = np.linalg.eigh(hessian)
    return (1 - rate * values) ** steps * (vectors.T @ start)


def never_went(hessian, start, rate, steps):
    values, vectors = np.linalg.eigh(hessian)
    return vectors @ ((1 - rate * values) ** steps * start)


def by_rows(hessian, start, rate, steps):
    values, vectors = np.linalg.eigh(hessian)
    return vectors.T @ ((1 - rate * values) ** steps * (vectors @ start))


def uncoupled(hessian, start, rate, steps):
    return (1 - rate * np.linalg.eigvalsh(hessian)) ** steps * start


def standardise(table):
    spread = table.std(axis=0)
    return (table - table.mean(axis=0)) / np.where(spread > 0, spread, 1)


def standardise_in_a_loop(table):
    columns = []
    for column in table.T:
        centred = column - np.mean(column)
        columns.append(centred / np.std(column) if np.std(column) else centred)
    return np.array(columns).T


def filled(spread):
    return np.where(spread == 0, 1, spread)


def descend_until(gradient, theta, rate, tolerance, most):
    for k in range(1, most + 1):
        previous = theta
        theta = theta - rate * gradient(theta)
        if np.linalg.norm(theta - previous) <= tolerance:
            return theta, k
    return theta, most


def with_copies(gradient, theta, rate, tolerance, most):
    theta = theta.copy()
    for k in range(1, most + 1):
        previous = theta.copy()
        theta -= rate * gradient(theta)
        if np.linalg.norm(theta - previous) <= tolerance:
            return theta, k
    return theta, most


def unrepaired(gradient, theta, rate, tolerance, most):
    for k in range(1, most + 1):
        previous = theta
        theta -= rate * gradient(theta)
        if np.linalg.norm(theta - previous) <= tolerance:
            return theta, k
    return theta, most


def strictly_shorter(gradient, theta, rate, tolerance, most):
    for k in range(1, most + 1):
        previous = theta
        theta = theta - rate * gradient(theta)
        if np.linalg.norm(theta - previous) < tolerance:
            return theta, k
    return theta, most


def counted_from_0(gradient, theta, rate, tolerance, most):
    theta, steps = descend_until(gradient, theta, rate, tolerance, most)
    return theta, steps - 1


def without_stop(gradient, theta, rate, tolerance, most):
    for _ in range(most):
        theta = theta - rate * gradient(theta)
    return theta, most


def by_gradient(gradient, theta, rate, tolerance, most):
    for k in range(1, most + 1):
        theta = theta - rate * gradient(theta)
        if np.linalg.norm(gradient(theta)) <= tolerance:
            return theta, k
    return theta, most


def by_length(gradient, theta, rate, tolerance, most):
    for k in range(1, most + 1):
        previous = np.linalg.norm(theta)
        theta = theta - rate * gradient(theta)
        if abs(np.linalg.norm(theta) - previous) <= tolerance:
            return theta, k
    return theta, most


def one_behind(gradient, theta, rate, tolerance, most):
    for k in range(1, most + 1):
        previous = theta
        theta = theta - rate * gradient(theta)
        if np.linalg.norm(theta - previous) <= tolerance:
            return previous, k
    return previous, most


def race(cost, start):
    theta, rate = start, 0.001
    value, gradient = cost(theta)
    while value > 1e-6:
        new = theta - rate * gradient
        value, slope = cost(new)
        s, y = new - theta, slope - gradient
        rate = abs(np.sum(s * y)) / np.sum(y * y)
        theta, gradient = new, slope
    return theta


def by_differences(cost, start):
    """Measure the Hessian by differences of gradients, and step by its inverse, damped."""
    theta, h = start, 1e-5
    value, gradient = cost(theta)
    while value > 1e-7:
        columns = [(cost(theta + h * unit)[1] - gradient) / h for unit in np.eye(2)]
        values, vectors = np.linalg.eigh((np.array(columns) + np.array(columns).T) / 2)
        step, rate = vectors @ ((vectors.T @ gradient) / np.maximum(np.abs(values), 0.1)), 1.0
        while cost(theta - rate * step)[0] > value:
            rate /= 2
        theta = theta - rate * step
        value, gradient = cost(theta)
    return theta


RIGHT = {
    "valleys/ruler": [12.25, (14 / 4) ** 2, 12.3],
    "valleys/modes": [after, by_powers],
    "valleys/standardise": [standardise, standardise_in_a_loop],
    "valleys/correlation": [19, 1.9 / 0.1],
    "valleys/promise": [0.0002504, 2.5e-4],
    "valleys/bug": [descend_until, with_copies],
    "valleys/race": [race, by_differences],
}
WRONG = {
    "valleys/ruler": {
        "That is how many": 3.5,
        "You took the root": 1.8708,
        "κ is the *larger*": 0.0816,
        "κ is at least 1": 4 / 14,
        "You halved one": (7 / 4) ** 2,
    },
    "valleys/modes": {
        "That is one step": one_step,
        "Your factor is larger": uphill,
        "Many steps": times_steps,
        "The power of a matrix": entry_by_entry,
        "Your factor is a power": power_of_curvature,
        "You have not come back": left_there,
        "`start` has": never_went,
        "The eigenvectors": by_rows,
        "Each entry": uncoupled,
        "Your code was still running after 0.5 s": by_loop,
    },
    "valleys/standardise": {
        "A constant column": lambda table: (table - table.mean(axis=0)) / table.std(axis=0),
        "A column with a spread": lambda table: (
            (table - table.mean(axis=0)) / np.maximum(table.std(axis=0), 1)
        ),
        "You add a little": lambda table: (table - table.mean(axis=0)) / (table.std(axis=0) + 1e-8),
        "You standardise the rows": lambda table: (
            (table - table.mean(axis=1, keepdims=True)) / table.std(axis=1, keepdims=True)
        ),
        "One mean": lambda table: (table - table.mean()) / table.std(),
        "You stretch": lambda table: (table - table.min(0)) / filled(np.ptp(table, axis=0)),
        "You divide without": lambda table: table / filled(table.std(axis=0)),
        "You centre": lambda table: table - table.mean(axis=0),
        "You divide by the variance": lambda table: (
            (table - table.mean(axis=0)) / filled(table.var(axis=0))
        ),
        "Your spread": lambda table: (
            (table - table.mean(axis=0)) / filled(table.std(axis=0, ddof=1))
        ),
    },
    "valleys/correlation": {
        "κ would be": 1,
        "You have one": 1 / (1 - 0.9),
        "That is the determinant": 1 / 0.19,
        "That is the smaller": 1 - 0.9,
        "That is how many": 19**0.5,
        "κ is the larger": 0.1 / 1.9,
        "That is the larger": 1.9,
    },
    "valleys/promise": {
        "That is the distance up": 1e-4 / 1001.6006,
        "That is the gradient's": 1e-4,
        "You multiply": 0.399361e-4,
        "That is the bound": 1e-8 / (2 * 0.399361),
        "You have read": 1e-4 / 802,
    },
    "valleys/bug": {
        "It still stops": unrepaired,
        "Now it never": without_stop,
        "A step that is just": strictly_shorter,
        "The point is right": counted_from_0,
        "You measure": by_gradient,
        "You compare": by_length,
        "You return": one_behind,
    },
    "valleys/race": {"Your point": lambda cost, start: start},
}
