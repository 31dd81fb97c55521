"""What comes with the package: a questionnaire's answers, scores of rules, and a model's training.

They are small, and they are read from the package: nothing is downloaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gdlib.console import printable
from gdlib.datasets.language import language_race

__all__ = ["language_race", "questionnaire", "rule_scores"]

Array = NDArray[np.float64]

_HERE = Path(__file__).parent

STATEMENTS = (
    "Am indifferent to the feelings of others",
    "Inquire about others' well-being",
    "Know how to comfort others",
    "Love children",
    "Make people feel at ease",
    "Am exacting in my work",
    "Continue until everything is perfect",
    "Do things according to a plan",
    "Do things in a half-way manner",
    "Waste my time",
    "Don't talk a lot",
    "Find it difficult to approach others",
    "Know how to captivate people",
    "Make friends easily",
    "Take charge",
    "Get angry easily",
    "Get irritated easily",
    "Have frequent mood swings",
    "Often feel blue",
    "Panic easily",
    "Am full of ideas",
    "Avoid difficult reading material",
    "Carry the conversation to a higher level",
    "Spend time reflecting on things",
    "Will not probe deeply into a subject",
)


@printable
@dataclass(frozen=True, eq=False)
class Questionnaire:
    """What 2800 people answered to 25 statements about themselves.

    Attributes
    ----------
    answers
        Shape (2800, 25): from 1, "very inaccurate", to 6, "very accurate"; NaN where there is no
        answer. Read-only.
    statements
        The 25 texts: five each on agreeableness, conscientiousness, extraversion, neuroticism and
        openness, in this order.
    """

    answers: Array
    statements: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Questionnaire({len(self.answers)} people, {len(self.statements)} statements)"


@printable
@dataclass(frozen=True, eq=False)
class RuleScores:
    """How far every rule comes, at nine rates, on 68 problems.

    Attributes
    ----------
    scores
        Shape (68, 99): the common logarithm of the fraction of J − J* that is left after 200
        gradients, or after 150 mini-batches; between −6 and 1, where diverged runs are. The median
        of five starts or of three orders of the rows. Read-only.
    problems, kinds
        The rows' names, and what they are variants of: a landscape, "dense" or "sparse".
    rules, rates
        The rule and the learning rate of each column.
    """

    scores: Array
    problems: tuple[str, ...]
    kinds: tuple[str, ...]
    rules: tuple[str, ...]
    rates: tuple[float, ...]

    def __repr__(self) -> str:
        return f"RuleScores({len(self.problems)} problems, {len(self.rules)} rules at rates)"


@cache
def questionnaire() -> Questionnaire:
    """Return the answers of 2800 people to 25 statements about themselves.

    Collected in 2010 by the SAPA project (Revelle, Wilt & Rosenthal 2010, in Handbook of
    Individual Differences in Cognition, Springer, doi:10.1007/978-1-4419-1210-7_2); the statements
    are from the International Personality Item Pool, which is in the public domain. The table is
    `bfi` of the R package psych, whose licence is the GNU General Public License, version 2 or
    later.
    """
    lines = (_HERE / "questionnaire.txt").read_text(encoding="utf-8").split()
    answers = np.array([[float("nan" if one == "." else one) for one in line] for line in lines])
    answers.flags.writeable = False
    return Questionnaire(answers, STATEMENTS)


@cache
def rule_scores() -> RuleScores:
    """Return how far eleven rules come, at nine rates each, on 68 problems.

    The problems are those of chapter 15 and their like: sixteen landscapes, each with its cost
    divided by 10, as it is, and multiplied by 10, and ten draws each of a dense and a sparse
    problem. `tests/data/make_rule_scores.py` ran them.
    """
    head, *rows = (_HERE / "rule_scores.csv").read_text(encoding="utf-8").splitlines()
    columns = [name.rpartition(" ") for name in head.split(",")[2:]]
    cells = [row.split(",") for row in rows]
    scores = np.array([[float(number) for number in row[2:]] for row in cells])
    scores.flags.writeable = False
    return RuleScores(
        scores,
        problems=tuple(row[1] for row in cells),
        kinds=tuple(row[0] for row in cells),
        rules=tuple(rule for rule, _, _ in columns),
        rates=tuple(float(rate) for _, _, rate in columns),
    )
