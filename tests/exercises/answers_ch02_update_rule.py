"""What readers answer in chapter 2."""

import numpy as np
import sympy as sp

x, y = sp.symbols("x y", real=True)
J = x**2 * y - x * y**3


def step(theta, gradient, learning_rate):
    return theta - learning_rate * gradient


def mse_gradient(features, targets, theta):
    return features.T @ (features @ theta - targets) / len(targets)


def mse_gradient_by_rows(features, targets, theta):
    total = np.zeros(len(theta))
    for row, target in zip(features, targets, strict=True):
        total = total + (row @ theta - target) * row
    return total / len(targets)


def backwards(a, b):
    u = a * b
    v = u + a
    v_bar = u
    u_bar = v + v_bar
    return v_bar + u_bar * b, u_bar * a


def by_formula(a, b):
    return np.array([2 * a * b * (b + 1), a**2 * (2 * b + 1)])


def central_difference(f, theta, h):
    gradient = np.zeros(len(theta))
    for i in range(len(theta)):
        ahead, behind = theta.copy(), theta.copy()
        ahead[i] += h
        behind[i] -= h
        gradient[i] = (f(ahead) - f(behind)) / (2 * h)
    return gradient


def without_copies(f, theta, h):
    gradient = np.zeros(len(theta))
    for i in range(len(theta)):
        ahead, behind = theta, theta
        ahead[i] += h
        behind[i] -= h
        gradient[i] = (f(ahead) - f(behind)) / (2 * h)
    return gradient


def forgetful_loop(f, theta, h):
    ahead, behind, gradient = theta.copy(), theta.copy(), np.zeros(len(theta))
    for i in range(len(theta)):
        ahead[i] += h
        behind[i] -= h
        gradient[i] = (f(ahead) - f(behind)) / (2 * h)
    return gradient


def by_rows(f, theta, h, right=1.0, left=1.0, width=2.0):
    moves = h * np.eye(len(theta))
    return [(f(theta + right * m) - f(theta - left * m)) / (width * h) for m in moves]


def steepest(gradient, norm):
    if norm == "euclid":
        return -gradient / np.linalg.norm(gradient)
    if norm == "max":
        return -np.sign(gradient)
    direction = np.zeros(len(gradient))
    i = np.argmax(np.abs(gradient))
    direction[i] = -np.sign(gradient[i])
    return direction


def swapped(gradient, norm):
    return steepest(gradient, {"max": "sum", "sum": "max"}.get(norm, norm))


def scaled(gradient, norm):
    return -gradient / np.linalg.norm(gradient, {"euclid": 2, "max": np.inf, "sum": 1}[norm])


def signs_for_sum(gradient, norm):
    return steepest(gradient, "euclid" if norm == "euclid" else "max")


def one_for_max(gradient, norm):
    return steepest(gradient, "euclid" if norm == "euclid" else "sum")


def euclid_unscaled(gradient, norm):
    return -gradient if norm == "euclid" else steepest(gradient, norm)


RIGHT = {
    "update-rule/partials": [
        [sp.diff(J, x), sp.diff(J, y)],
        sp.Matrix([J.diff(x), J.diff(y)]),
        [y * (2 * x - y**2), x * (x - 3 * y**2)],
    ],
    "update-rule/step": [step],
    "update-rule/slope": [-0.7071, np.array([3, -4]) @ np.array([1, 1]) / np.linalg.norm([1, 1])],
    "update-rule/mse-gradient": [mse_gradient, mse_gradient_by_rows],
    "update-rule/backwards": [backwards, by_formula],
    "update-rule/central-difference": [central_difference, by_rows],
    "update-rule/wrong-coordinate": [3],
    "update-rule/largest-rate": [0.2929, 2 / np.linalg.eigvalsh([[2, 2], [2, 6]]).max()],
    "update-rule/steepest": [steepest],
}

WRONG = {
    "update-rule/partials": {
        "Those are the right two": [J.diff(y), J.diff(x)],
        "Each entry is differentiated in both": [sp.diff(J, x, y), sp.diff(J, y, x)],
        "You have the downhill": [-J.diff(x), -J.diff(y)],
        "Each entry is differentiated twice": [J.diff(x, 2), J.diff(y, 2)],
    },
    "update-rule/step": {
        "Your step climbs": lambda theta, g, rate: theta + rate * g,
        "That is the step alone": lambda theta, g, rate: -rate * g,
        "Your step ignores": lambda theta, g, rate: theta - g,
        "You divide by": lambda theta, g, rate: theta - g / rate,
        "Your step has the same": lambda theta, g, rate: theta - rate * g / np.sqrt((g**2).sum()),
        "You move θ": lambda theta, g, rate: theta - rate * theta,
    },
    "update-rule/slope": {
        "That is gᵀd for": -1,
        "The size is right": 0.7071,
        "That is the length of g": 5,
        "That is the slope straight": -5.0,
        "You divided by": -0.5,
    },
    "update-rule/mse-gradient": {
        "`features` stands": lambda rows, y, theta: rows @ (rows @ theta - y) / len(y),
        "Your gradient points": lambda rows, y, theta: rows.T @ (y - rows @ theta) / len(y),
        "The mean is missing": lambda rows, y, theta: rows.T @ (rows @ theta - y),
        "Yours is twice": lambda rows, y, theta: 2 / len(y) * rows.T @ (rows @ theta - y),
        "Yours is half": lambda rows, y, theta: rows.T @ (rows @ theta - y) / (2 * len(y)),
        "You divide by the number": lambda rows, y, theta: rows.T @ (rows @ theta - y) / len(theta),
        "The targets are": lambda rows, y, theta: rows.T @ rows @ theta / len(y),
        "Those are the residuals": lambda rows, y, theta: rows @ theta - y,
        "For features": lambda rows, y, theta: np.outer(rows @ theta - y, theta),
    },
    "update-rule/backwards": {
        "p stands in q": lambda a, b: (a * b + (a * b + a) * b, (a * b + a) * a),
        "p stands in J": lambda a, b: (a * b + a * b * b, a * b * a),
        "a stands in q": lambda a, b: ((2 * a * b + a) * b, (2 * a * b + a) * a),
        "a stands in p": lambda a, b: (a * b, (2 * a * b + a) * a),
        "Those are the right two": lambda a, b: backwards(a, b)[::-1],
    },
    "update-rule/central-difference": {
        "That is the forward": lambda f, theta, h: by_rows(f, theta, h, left=0, width=1),
        "That is the backward": lambda f, theta, h: by_rows(f, theta, h, right=0, width=1),
        "Your numbers are twice": lambda f, theta, h: by_rows(f, theta, h, width=1),
        "Your sign is": lambda f, theta, h: by_rows(f, theta, h, width=-2),
        "You move every": lambda f, theta, h: (f(theta + h) - f(theta - h)) / (2 * h),
        "Your differences are all 0": without_copies,
        "Your loop never": forgetful_loop,
        "You divide by 2": lambda f, theta, h: by_rows(f, theta, h, width=2 / h**2),
    },
    "update-rule/wrong-coordinate": {"That entry agrees": 4, "There are five": 5},
    "update-rule/largest-rate": {
        "That is the best": 0.14645,
        "You used the smallest": 1.7071,
        "You used the largest": 1 / 3,
        "You used the coefficients": 0.5858,
        "That is the largest": 6.8284,
    },
    "update-rule/steepest": {
        "Your direction climbs": lambda g, norm: -steepest(g, norm),
        "You give the same": lambda g, norm: -g / np.linalg.norm(g),
        "Each direction has": scaled,
        'You have "max"': swapped,
        'Under "sum"': signs_for_sum,
        'Under "max"': one_for_max,
        'Under "euclid"': euclid_unscaled,
    },
}
