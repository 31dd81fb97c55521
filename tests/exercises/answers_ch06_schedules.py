"""What readers answer in chapter 6."""

import math

import numpy as np
import sympy as sp

a = sp.Symbol("a")


def joined(k, peak, warm, steps):
    if k <= warm:
        return peak * k / warm
    return peak * (1 + np.cos(np.pi * (k - warm - 1) / (steps - warm))) / 2


def from_zero(k, peak, warm, steps):
    return peak * (k - 1) / warm if k <= warm else joined(k, peak, warm, steps)


def falling(turn, height=1.0):
    def rate(k, peak, warm, steps):
        if k <= warm:
            return peak * k / warm
        return height * peak * (1 + math.cos(math.pi * turn(k, warm, steps))) / 2

    return rate


def by_loop(epochs, batches, first, factor):
    rates, rate = [], first
    for _ in range(epochs):
        rates += [rate] * batches
        rate *= factor
    return rates


def by_batch(epochs, batches, first, factor):
    rates, rate = [], first
    for _ in range(epochs):
        for _ in range(batches):
            rates.append(rate)
            rate *= factor
    return rates


def too_early(epochs, batches, first, factor):
    return by_loop(epochs, batches, first * factor, factor)


def never(epochs, batches, first, factor):
    rate, used = first, []
    for _ in range(epochs):
        used += [rate] * batches
    rate *= factor
    return used


def averaging(steps, keep, rate=0.5):
    def descend(gradient, start):
        theta, late = start, []
        for k in range(steps):
            theta = theta - rate * gradient(theta)
            if k >= steps - keep:
                late.append(theta)
        return np.mean(late, axis=0)

    return descend


def cosine(gradient, start, steps=1000):
    theta = start
    for k in range(steps):
        theta = theta - 0.25 * (1 + math.cos(math.pi * k / steps)) * gradient(theta)
    return theta


RIGHT = {
    "schedules/conditions": ["c"],
    "schedules/factor": [0.01 ** (1 / 2000), math.exp(math.log(0.01) / 2000)],
    "schedules/warmup": [joined],
    "schedules/running": [
        lambda mean, theta, k: mean + (theta - mean) / k,
        lambda mean, theta, k: ((k - 1) * mean + theta) / k,
    ],
    "schedules/wrong-c": [a**2 / (2 * a - 1)],
    "schedules/trap": [(100 / math.gamma(0.8)) ** 5, 4.68e9],
    "schedules/per-batch": [
        by_loop,
        lambda epochs, batches, first, factor: np.repeat(
            first * factor ** np.arange(epochs), batches
        ),
    ],
    "schedules/noisy-bowls": [averaging(600, 400), averaging(620, 420, 0.4)],
}
WRONG = {
    "schedules/conditions": {"These rates": "a", "These add": "b", "A geometric": "d"},
    "schedules/factor": {
        "That falls": 0.1 ** (1 / 2000),
        "The factor": 0.001 ** (1 / 2000),
        "Multiplied": 0.01 / 2000,
        "That takes off": 1 - 0.99 / 2000,
        "A factor": 100 ** (1 / 2000),
    },
    "schedules/warmup": {
        "Your first": from_zero,
        "Step warm": falling(lambda k, warm, steps: (k - warm) / (steps - warm)),
        "Your cosine counts": falling(lambda k, warm, steps: (k - 1) / steps),
        "Your cosine is": falling(lambda k, warm, steps: (k - warm - 1) / steps),
        "The rise": lambda k, peak, warm, steps: min(peak, peak * k / warm),
        "Down to 0": lambda k, peak, warm, steps: (
            peak * k / warm if k <= warm else peak * (1 - (k - warm - 1) / (steps - warm))
        ),
        "That is a quarter": lambda k, peak, warm, steps: (
            peak * k / warm
            if k <= warm
            else peak * np.cos((k - warm - 1) / (steps - warm) * np.pi / 2)
        ),
        "Where is": lambda k, peak, warm, steps: joined(k, 1, warm, steps),
        "Your last": falling(lambda k, warm, steps: (k - warm - 1) / (steps - warm - 1)),
        "Your cosine starts": falling(
            lambda k, warm, steps: (k - warm - 1) / (steps - warm), height=2.0
        ),
    },
    "schedules/running": {
        "Half": lambda mean, theta, k: 0.5 * mean + 0.5 * theta,
        "Here k": lambda mean, theta, k: (k * mean + theta) / (k + 1),
        "The old": lambda mean, theta, k: (mean + theta) / k,
        "A fixed": lambda mean, theta, k: mean + 0.1 * (theta - mean),
        "You add": lambda mean, theta, k: theta / k + mean,
        "That goes": lambda mean, theta, k: mean - (theta - mean) / k,
        "The two": lambda mean, theta, k: (mean + (k - 1) * theta) / k,
    },
    "schedules/wrong-c": {
        "Upside": (2 * a - 1) / a**2,
        "The rate": a / (2 * a - 1),
        "What became": a / 2,
        "How many": a**2 / (2 * a - 1) - 1,
        "That is the deviation": a / sp.sqrt(2 * a - 1),
        "Put c": a**2,
    },
    "schedules/trap": {
        "You leave": 0.01**-5,
        "Γ(4/5)": (100 * math.gamma(0.8)) ** 5,
        "The power": 100 / math.gamma(0.8),
        "That is the exponent": 9.67,
        "That is as": 1e20,
    },
    "schedules/per-batch": {
        "Still": by_batch,
        "The first": too_early,
        "Once a batch": lambda epochs, batches, first, factor: by_batch(
            epochs, batches, first * factor, factor
        ),
        "The rate never": never,
        "One rate": lambda epochs, batches, first, factor: [
            first * factor**i for i in range(epochs)
        ],
    },
    "schedules/noisy-bowls": {
        "Your run": lambda gradient, start: cosine(gradient, start, 5000),
        "Not yet": lambda gradient, start: start,
        "You arrive": averaging(1500, 1000),
    },
}
