"""The workbench: a rule that a reader types, raced against the book's, and printed as code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from numpy.typing import ArrayLike

from gdlib import checks
from gdlib.console import printable
from gdlib.descent.arguments import start_of
from gdlib.descent.trajectory import Trajectory
from gdlib.frozen import Frozen
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer
from gdlib.problems import Problem
from gdlib.tuning import Tuning
from gdlib.widgets import DescentExplorer, DescentLine
from gdlib.widgets.race import MOST_STEPS
from gdlib.workbench import entries, fair, shown, words


@printable
class Workbench:
    """A rule of yours, raced against others on a cost, with what the race says, and as code.

    `gd.Workbench("m = 0.9*m + g; step = -eta*m", on="rosenbrock", tuned=True)` shows in a notebook
    the rule typeset, a living figure of the race (a chart where a figure has none), a table of the
    results, and the rule's code in six languages. Printed, it is plain lines.

    Parameters
    ----------
    rule
        The text of a rule, as `Optimizer.parse` reads it, or an `Optimizer`.
    on
        The cost: the name of a landscape in `gd.landscapes`, a formula, as `Landscape.parse` reads
        it, a `Landscape`, or a problem such as `gd.LeastSquares(...)`.
    against
        Who races against the rule: names of rules in `gd.optimizers`, which join with usual rates,
        and optimizers with rates of their own; one of them, several or none.
    name
        What the rule is called, in at most 60 visible signs; by default "your rule", and an
        `Optimizer` keeps its own name. One
        with the name of a rule that it races against is called "Adam (yours)".
    start
        Where all runs start, of shape (n,); a landscape's own start by default, zeros for data.
    bounds
        For a formula: (low, high) for each variable, the part to draw; (−3, 3) by default.
    steps
        How many steps each rule takes, from 1 to 10,000.
    tuned
        False: every rule runs with the rate given, which says nothing about which rule is better.
        True: each runs with its own best rate, chosen as chapter 15 does: of 21 from 0.0001 to 10,
        four a decade, that with the lowest median of the last cost over 5 starts near the raced one
        (each at most a twentieth of the box away in each variable; of what the data measure, where
        there is no box), none of them that one. Costs count to 12 digits; of equals the rate with
        fewer lost runs is taken, then the smallest. Runs that diverge count as lost. Only η is
        tuned.
    **settings
        Numbers of the rule: `beta=0.9`.

    Raises
    ------
    TypeError, ValueError
        What `Optimizer.parse` and `Landscape.parse` refuse, in their words; names that are none;
        anything else that makes no race. A rule that diverges is a result.
    """

    def __init__(
        self,
        rule: str | Optimizer,
        on: str | Landscape | Problem = "quadratic",
        against: Iterable[str | Optimizer] | str | Optimizer = (
            "gradient_descent",
            "momentum",
            "adam",
        ),
        *,
        name: str | None = None,
        start: ArrayLike | None = None,
        bounds: ArrayLike | None = None,
        steps: int = 200,
        tuned: bool = False,
        **settings: float,
    ) -> None:
        self._steps = checks.count("steps", steps, at_least=1, at_most=MOST_STEPS)
        self._tuned = checks.flag("tuned", tuned)
        racing = entries.racers(entries.rule_of(rule, name, settings), against)
        self._cost = entries.cost_of(on, start, bounds)
        self._start = start_of(self._cost, start)
        self._tunings = self._chosen(racing) if self._tuned else {}
        self._optimizers = tuple(map(self._with_best_rate, racing))
        self._runs = {
            optimizer.name: fair.run(self._cost, optimizer, self._start, self._steps)
            for optimizer in self._optimizers
        }
        self._widget: tuple[DescentExplorer | DescentLine | None] | None = None

    def _chosen(self, racing: tuple[Optimizer, ...]) -> dict[str, Tuning]:
        first = fair.run(self._cost, racing[0], self._start, 0)  # refuses a start that has no cost
        starts = fair.starts_near(self._cost, self._start)
        return {
            optimizer.name: fair.tune(
                self._cost, optimizer, starts, self._steps, float(first.values[0])
            )
            for optimizer in racing
            if "learning_rate" in optimizer.settings
        }

    def _with_best_rate(self, optimizer: Optimizer) -> Optimizer:
        found = self._tunings.get(optimizer.name)
        return cast("Optimizer", found.optimizer) if found and fair.won(found) else optimizer

    @property
    def rule(self) -> Optimizer:
        """The reader's rule as it runs: with its best rate, if rates were tuned."""
        return self._optimizers[0]

    @property
    def cost(self) -> Landscape | Problem:
        """What the rules run on."""
        return self._cost

    @property
    def optimizers(self) -> tuple[Optimizer, ...]:
        """The rules as they run, the reader's first."""
        return self._optimizers

    @property
    def tunings(self) -> Mapping[str, Tuning]:
        """Each rule's tuning by its name, with costs to 12 digits; none if nothing was tuned."""
        return Frozen(self._tunings)

    @property
    def trajectories(self) -> Mapping[str, Trajectory]:
        """Each rule's run from the start, by its name."""
        return Frozen(self._runs)

    @property
    def widget(self) -> DescentExplorer | DescentLine | None:
        """The living figure of the race; None for more than two variables or a rule without η.

        Data are drawn where they have one or two parameters and few numbers: 2,000 for least
        squares, 100 for other costs.
        """
        if self._widget is None:
            made = shown.widget(self._cost, self._optimizers, self._start, self._steps, self._runs)
            self._widget = (made,)
        return self._widget[0]

    def code(self, language: str) -> str:
        """Return the rule as code to paste, with the settings it runs with.

        Parameters
        ----------
        language
            "numpy", "torch", "optax", "keras", "javascript" or "latex", as in `Optimizer.code`.

        Raises
        ------
        TypeError, ValueError
            Another language.
        """
        return self.rule.code(language)

    def _rows(self) -> list[words.Row]:
        return words.table(self._optimizers, self._runs, self._tunings, self._tuned)

    def _notes(self) -> list[str]:
        return words.notes(self._rows(), self._start, self._steps, self._tunings)

    @property
    def _title(self) -> str:
        return words.title(self.rule, self._cost)

    def __repr__(self) -> str:
        numbers = words.settings(self.rule)
        return "\n".join(
            [
                self._title,
                *(f"  {line}" for line in words.equations(self.rule)),
                *([f"  with {numbers}"] if numbers else []),
                *words.aligned(self._rows()),
                *(f"· {note}" for note in self._notes()),
            ]
        )

    def _outputs(self) -> Iterator[Any]:
        """Yield what a notebook shows: the rule, the figure, the results, the code."""
        yield {
            "text/latex": f"$\\displaystyle {self.rule.latex()}$",
            "text/plain": "\n".join(words.equations(self.rule)),
        }
        yield self.widget or {
            "text/html": shown.chart(self._runs),
            "text/plain": shown.chart_words(self._runs),
        }
        yield {
            "text/html": shown.results(self._title, self._rows(), self._notes()),
            "text/plain": repr(self),
        }
        languages = ", ".join(shown.TITLES)
        yield {"text/html": shown.codes(self.rule), "text/plain": f"code in {languages}"}

    def _ipython_display_(self) -> None:
        from IPython.display import display

        for output in self._outputs():
            raw = isinstance(output, dict)
            display(output, raw=raw)  # type: ignore[no-untyped-call]
