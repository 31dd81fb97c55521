"""Print trees as NumPy calls that write into a few reused buffers, for big arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gdlib.codegen import FUNCTIONS, TARGETS, Tree, infix

UFUNCS = {
    "+": "np.add",
    "-": "np.subtract",
    "*": "np.multiply",
    "/": "np.divide",
    "neg": "np.negative",
}


class InPlace:
    """Print assignments line by line, each operation with `out=`.

    `arrays` are the names that hold arrays; every other name is a number. The buffers that the
    printed code needs are `buffers`, in the order in which a caller hands them over.
    """

    def __init__(self, arrays: Iterable[str]) -> None:
        self.arrays = {name: name for name in arrays}
        self.lines: list[str] = []
        self.buffers: list[str] = []
        self._free: list[str] = []
        self._uses: dict[str, int] = {}

    def run(self, assignments: Sequence[tuple[str, Tree]], into: Mapping[str, str]) -> None:
        """Print assignments in order; those named in `into` end there, the others in buffers."""
        for _, tree in assignments:
            for name in _leaves(tree):
                self._uses[name] = self._uses.get(name, 0) + 1
        for name, tree in assignments:
            target = into.get(name)
            place, is_array = self._emit(tree, target)
            if target and place != target:
                self.lines.append(f"np.copyto({target}, {place})")
                self._release(place)
                place, is_array = target, True
            if is_array:
                self.arrays[name] = place
                if not self._uses.get(name) and not target:
                    self._release(place)
            else:
                self.lines.append(f"{name} = {place}")

    def _take(self) -> str:
        if not self._free:
            self.buffers.append(f"buffer_{len(self.buffers)}")
            self._free.append(self.buffers[-1])
        return self._free.pop()

    def _release(self, place: str) -> None:
        if place.startswith("buffer_") and place not in self._free:
            self._free.append(place)

    def _leaf(self, name: str) -> tuple[str, bool, bool]:
        """Return where a name is kept, whether that is an array, and if this was its last use."""
        self._uses[name] = self._uses.get(name, 1) - 1
        place = self.arrays.get(name)
        return (place, True, not self._uses[name]) if place else (name, False, False)

    def _emit(self, tree: Tree, target: str | None = None) -> tuple[str, bool]:
        if isinstance(tree, str):
            place, is_array, last = self._leaf(tree)
            if is_array and not last and not target:  # somebody else still reads it: copy
                copy = self._take()
                self.lines.append(f"np.copyto({copy}, {place})")
                return copy, True
            return place, is_array
        operands = []
        for operand in tree[1:]:
            if isinstance(operand, str):
                operands.append(self._leaf(operand))
            else:
                place, is_array = self._emit(operand)
                operands.append((place, is_array, True))
        if not any(is_array for _, is_array, _ in operands):
            return f"({infix((tree[0], *(place for place, _, _ in operands)), 'python')})", False
        for place, is_array, last in operands:
            if is_array and last:
                self._release(place)
        out = target or self._take()
        self.lines.append(self._call(tree[0], [place for place, _, _ in operands], out))
        return out, True

    @staticmethod
    def _call(head: Any, places: list[str], out: str) -> str:
        if head in UFUNCS:
            return f"{UFUNCS[head]}({', '.join(places)}, out={out})"
        spelled = FUNCTIONS[head][TARGETS.index("numpy")].format(*places)
        if spelled.startswith(("np.where(", "(")):  # these have no `out=`
            return f"np.copyto({out}, {spelled})"
        return f"{spelled[:-1]}, out={out})"


def _leaves(tree: Tree) -> list[str]:
    if isinstance(tree, str):
        return [tree]
    return [leaf for operand in tree[1:] for leaf in _leaves(operand)]
