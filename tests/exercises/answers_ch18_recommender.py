"""What readers answer in chapter 18."""

import numpy as np
import sympy as sp

sigma = sp.Symbol("sigma", positive=True)


def slopes(people, items, table, shown, alpha):
    errors = (people @ items.T - table) * shown
    return errors @ items + alpha * people, errors.T @ people + alpha * items


def changed(of_u, of_v):
    def wrong(*given):
        by_u, by_v = slopes(*given)
        return of_u * by_u, of_v * by_v

    return wrong


def all_shown(people, items, table, shown, alpha):
    return slopes(people, items, table, np.ones_like(shown), alpha)


def newcomer(items, answers, alpha):
    known = np.isfinite(answers)
    return ridge(items[known], answers[known], alpha)


def ridge(rows, values, alpha):
    """Solve the same least-squares problem with rows for the penalty."""
    rank = rows.shape[1]
    more = np.vstack([rows, np.sqrt(alpha) * np.eye(rank)])
    return np.linalg.lstsq(more, np.append(values, np.zeros(rank)), rcond=None)[0]


def on_known(solve):
    def wrong(items, answers, alpha):
        known = np.isfinite(answers)
        return solve(items[known], answers[known], alpha)

    return wrong


def everywhere(items, answers, alpha):
    known = np.isfinite(answers)
    return np.linalg.solve(items[known].T @ items[known] + alpha, items[known].T @ answers[known])


def cost(people, items, table):
    known = np.isfinite(table)
    return 0.5 * (((people @ items.T)[known] - table[known]) ** 2).sum()


def vectors(fixed, table, shown, alpha):
    found = []
    for row, known in zip(table, shown, strict=True):
        found.append(ridge(fixed[known], row[known], alpha))
    return np.array(found)


def fill(table, rank=4, alpha=1.0):
    shown = np.isfinite(table)
    mean = np.nanmean(table, axis=0)
    rest = np.where(shown, table - mean, 0)
    items = 0.1 * np.random.default_rng(1).normal(size=(table.shape[1], rank))
    for _ in range(30):
        people = vectors(items, rest, shown, alpha)
        items = vectors(people, rest.T, shown.T, alpha)
    return mean + people @ items.T


def means(table):
    return np.where(np.isnan(table), np.nanmean(table, axis=0), table)


RIGHT = {
    "recommender/numbers": [14125, 14125.0],
    "recommender/slopes": [slopes],
    "recommender/newcomer": [newcomer],
    "recommender/nine-tenths": [
        sp.log(9 * (100 * sigma - 1)) / (2 * sigma),
        (sp.log(9) + sp.log(sigma / sp.Rational(1, 100) - 1)) / (2 * sigma),
    ],
    "recommender/scaled": ["b"],
    "recommender/gaps": [
        cost,
        lambda people, items, table: np.nansum((people @ items.T - table) ** 2) / 2,
    ],
    "recommender/fill": [fill],
}
WRONG = {
    "recommender/numbers": {
        "That is every": 350_000,
        "That is the table": 70_000,
        "The statements": 14_000,
        "That is how many": 2825,
    },
    "recommender/slopes": {
        "The gaps": all_shown,
        "Zero in": lambda people, items, table, shown, alpha: all_shown(
            people, items, table * shown, shown, alpha
        ),
        "The penalty's part": lambda people, items, table, shown, alpha: slopes(
            people, items, table, shown, 0
        ),
        "The penalty is halved": lambda people, items, table, shown, alpha: slopes(
            people, items, table, shown, 2 * alpha
        ),
        "Twice": changed(2, 2),
        "The signs": changed(-1, -1),
        "Both are": lambda *given: slopes(*given)[::-1],
        "Return two": lambda *given: list(slopes(*given)),
    },
    "recommender/newcomer": {
        "The gaps": lambda items, answers, alpha: ridge(items, np.nan_to_num(answers), alpha),
        "The penalty": on_known(lambda rows, values, alpha: ridge(rows, values, 0)),
        "Alpha": everywhere,
        "Those are": lambda items, answers, alpha: items @ newcomer(items, answers, alpha),
        "There are gaps": lambda items, answers, alpha: items.T @ answers,
    },
    "recommender/nine-tenths": {
        "That is when half": sp.log(100 * sigma - 1) / (2 * sigma),
        "That is when a tenth": sp.log((100 * sigma - 1) / 9) / (2 * sigma),
        "The product": sp.log(9 * (100 * sigma - 1)) / sigma,
        "Nearly: 1": sp.log(10 * (100 * sigma - 1)) / (2 * sigma),
        "Nearly: that": sp.log(900 * sigma) / (2 * sigma),
    },
    "recommender/scaled": {"The product": "a", "Another": "c", "Its two": "d"},
    "recommender/gaps": {
        "Still": lambda people, items, table: (
            np.sum((people @ items.T - np.nan_to_num(table)) ** 2) / 2
        ),
        "A gap": lambda people, items, table: np.sum((people @ items.T - table) ** 2) / 2,
        "Half of": lambda people, items, table: (
            cost(people, items, table) / np.isfinite(table).sum()
        ),
        "The half": lambda people, items, table: 2 * cost(people, items, table),
    },
    "recommender/fill": {
        "You arrive": means,
        "Your function has to fill": lambda table: table,
        "Your function has to return a table of the same": lambda table: table[1:],
    },
}
