"""Print trees as NumPy calls that write into a few reused buffers, for big arrays.

Nothing is printed before it is known how long each value lives. Assignments are first flattened
to one operation a line, each of which makes one value; a value's last reader stands in that list;
then places are given out line by line, and a place is free once its value was read last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from gdlib.formula.lower import Tree
from gdlib.formula.targets import infix, spelled

UFUNCS = {
    "+": "np.add",
    "-": "np.subtract",
    "*": "np.multiply",
    "/": "np.divide",
    "neg": "np.negative",
}

Value = str | int
"""What holds numbers: the text of a scalar, or the number of an array's line (see `_Line`)."""


class _Line(NamedTuple):
    """One operation on arrays, `head` of `operands`; without a head, a scalar's name and text."""

    head: Any
    operands: tuple[Value, ...]


class InPlace:
    """Print assignments line by line, each operation with the array that it fills.

    `arrays` are the names that hold arrays; every other name is a number. The buffers that the
    printed code needs are `buffers`, in the order in which a caller hands them over. `scalar` may
    rename numbers where arrays meet them.
    """

    def __init__(self, arrays: Iterable[str], scalar: Callable[[str], str] = str) -> None:
        self.lines: list[str] = []
        self.buffers: list[str] = []
        self._scalar = scalar
        # An array that came in is a value too: the first has the number −1.
        self._came: dict[str, Value] = {name: -1 - i for i, name in enumerate(arrays)}
        self._now = dict(self._came)
        self._place: dict[Value, str] = {value: name for name, value in self._came.items()}
        self._flat: list[_Line] = []
        self._last: dict[Value, int] = {}
        self._waiting: dict[str, Value]  # what `run` has yet to print
        self._free: list[str] = []

    def run(self, assignments: Sequence[tuple[str, Tree]], into: Iterable[str]) -> None:
        """Print assignments in order; the arrays `into` are renewed, all others end in buffers."""
        homes = list(into)
        for name, tree in assignments:
            value = self._value(tree)
            self._now[name] = value if name in homes else self._named(name, value)
        ends = {name: self._now[name] for name in homes}
        self._waiting = {n: value for n, value in ends.items() if value != self._came[n]}
        self._find_last_readers()
        self._print()

    def _value(self, tree: Tree) -> Value:
        """Flatten a tree: add its operations to the list and return what holds its value."""
        if isinstance(tree, str):
            return self._now.get(tree, tree)
        operands = tuple(self._value(operand) for operand in tree[1:])
        if all(isinstance(operand, str) for operand in operands):
            return f"({infix((tree[0], *operands), 'careful')})"
        self._flat.append(_Line(tree[0], operands))
        return len(self._flat) - 1

    def _named(self, name: str, value: Value) -> Value:
        """Give a scalar that is computed a line of its own, so that it is computed once."""
        if isinstance(value, int) or not value.startswith("("):
            return value
        self._flat.append(_Line(None, (name, value)))
        return name

    def _find_last_readers(self) -> None:
        """Find the last line that reads each array, not counting lines whose value nobody needs."""
        needed = set(self._waiting.values())
        # From the end: the first line met that reads a value is the last that needs it.
        for at in reversed(range(len(self._flat))):
            if self._flat[at].head is not None and at in needed:
                for value in self._flat[at].operands:
                    needed.add(value)
                    self._last.setdefault(value, at)

    def _lives(self, value: Value, at: int) -> bool:
        """Tell whether a value is still wanted after line `at`: by a line, or where it ends."""
        return at < self._last.get(value, at) or value in self._waiting.values()

    def _is_over(self, home: str, at: int) -> bool:
        """Tell whether nothing that stands in an array is wanted any more after line `at`."""
        return not any(self._lives(v, at) for v, place in self._place.items() if place == home)

    def _print(self) -> None:
        self._bring_home(-1)
        for at, line in enumerate(self._flat):
            if line.head is None:
                self.lines.append(" = ".join(map(str, line.operands)))
            elif self._lives(at, at):
                self._compute(at, line)
            self._bring_home(at)
        while self._waiting:
            # What cannot go home now waits in a ring, as in a, b = b, a: one has to step aside.
            if not self._bring_home(len(self._flat)):
                self._step_aside(next(iter(self._waiting)))

    def _compute(self, at: int, line: _Line) -> None:
        """Print one operation; it may write over what it is the last to read, item by item."""
        for value in line.operands:
            if not self._lives(value, at):
                self._give_back(value)
        # Straight to where it ends, if what stands there is over: that saves a copy.
        homes = (name for name, value in self._waiting.items() if value == at)
        out = next((name for name in homes if self._is_over(name, at)), None) or self._take()
        self.lines.append(_call(line.head, [self._where(v) for v in line.operands], out))
        self._place[at] = out

    def _where(self, value: Value) -> str:
        return self._scalar(value) if isinstance(value, str) else self._place[value]

    def _take(self) -> str:
        if not self._free:
            self.buffers.append(f"buffer_{len(self.buffers)}")
            self._free.append(self.buffers[-1])
        # The buffer that was freed last is the likeliest to be in the cache still.
        return self._free.pop()

    def _give_back(self, value: Value) -> None:
        place = self._place.get(value)
        if place in self.buffers and place not in self._free:
            self._free.append(place)

    def _bring_home(self, at: int) -> bool:
        """Put new values where they end, if what stands there is over; tell whether any was."""
        moved = False
        for name, value in list(self._waiting.items()):
            # A scalar's text may name what a later line computes, so it waits for the end.
            there = value in self._place or (isinstance(value, str) and at == len(self._flat))
            if self._place.get(value) != name:
                if not (there and self._is_over(name, at)):
                    continue
                self.lines.append(f"np.copyto({name}, {self._where(value)})")
                self._give_back(value)
                if isinstance(value, int) and self._place[value] in self.buffers:
                    self._place[value] = name
            del self._waiting[name]
            moved = True
        return moved

    def _step_aside(self, name: str) -> None:
        """Move what stands in an array into a buffer: values that change places need one."""
        aside = self._take()
        self.lines.append(f"np.copyto({aside}, {name})")
        for value in self._waiting.values():
            if self._place.get(value) == name:
                self._place[value] = aside


def _call(head: Any, places: list[str], out: str) -> str:
    if head in UFUNCS:
        return f"{UFUNCS[head]}({', '.join(places)}, {out})"  # sooner than by the keyword
    text = spelled(head, places, "numpy")
    if text.startswith(("np.where(", "(")):  # these fill no array
        return f"np.copyto({out}, {text})"
    return f"{text[:-1]}, out={out})"
