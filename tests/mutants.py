"""Break the package's code on purpose, with mutmut, and ask that some test sees each break.

`python -m tests.mutants` tries a tenth of all mutants below `plotting`; `--tenths 10` tries them
all; names of modules choose some. What survives must stand in `data/survivors.toml`, with the
reason why no test can tell it from the code, or why none should.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
COPY = ROOT / "mutants"
KNOWN = Path(__file__).parent / "data" / "survivors.toml"
WANTED = 0.95
SURVIVED, UNSEEN, WITHOUT_TESTS = 0, None, 33


def patterns(modules: list[str], tenths: int, seed: int) -> list[str]:
    """Name the mutants to try: those whose numbers end in as many digits, drawn by a seed."""
    if not 1 <= tenths <= 10:
        raise SystemExit(f"--tenths must be from 1 to 10, not {tenths}")
    digits = "".join(sorted(random.Random(seed).sample("0123456789", tenths)))
    chosen = [name for module in modules for name in (f"gdlib.{module}.x*", f"gdlib.{module}.*.x*")]
    return [f"{name}__mutmut_*[{digits}]" for name in chosen or ["gdlib.*"]]


def outcomes() -> dict[str, int | None]:
    """Read how each mutant ended: mutmut's exit code of its tests."""
    found: dict[str, int | None] = {}
    for meta in sorted(COPY.rglob("*.meta")):
        found |= json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def alive_alone(name: str) -> bool:
    """Run a survivor's tests once more, in a process of its own that has read nothing before.

    mutmut forks from a process that has read the test files, so that what they make as they are
    read (a rule, a landscape) is sound in each mutant.
    """
    stats = json.loads((COPY / "mutmut-stats.json").read_text(encoding="utf-8"))
    tests = stats["tests_by_mangled_function_name"].get(name.partition("__mutmut_")[0], [])
    if not tests:
        return True
    paths = os.pathsep.join([str(COPY), *filter(None, [os.environ.get("PYTHONPATH")])])
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    quiet = ["-x", "-q", "--rootdir=.", *settings["mutmut"]["pytest_add_cli_args"]]
    if len(tests) > 500:  # more names than a command line holds: their whole files
        tests = sorted({test.partition("::")[0] for test in tests})
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *quiet, *tests],
        cwd=COPY,
        env=os.environ | {"MUTANT_UNDER_TEST": name, "PYTHONPATH": paths},
        capture_output=True,
        check=False,
    )
    return ended.returncode == 0


def change(name: str) -> tuple[str, str]:
    """Return where a mutant lies, and the lines that it puts there."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    where = name.partition("__mutmut_")[0].replace("xǁ", "").replace("ǁ", ".").replace(".x_", ".")
    lines = get_diff_for_mutant(name).splitlines()[3:]
    return where, " ".join(line[1:].strip() for line in lines if line.startswith("+"))


def known() -> dict[tuple[str, str], str]:
    """Read the survivors that are known, each with its reason."""
    listed = tomllib.loads(KNOWN.read_text(encoding="utf-8")).get("survivor", [])
    return {(one["where"], text): one["reason"] for one in listed for text in one["becomes"]}


def module_of(name: str) -> str:
    """Return the module that a mutant lies in, without the package's name."""
    return name.partition(".x")[0].removeprefix("gdlib.")


def report(tried: dict[str, int | None]) -> bool:
    """Print what became of the mutants, module by module; tell whether all is as it should be."""
    excused, counts = known(), {"killed": Counter[str](), "known": Counter[str]()}
    total = Counter(map(module_of, tried))
    new: list[str] = []
    for name, code in tried.items():
        lives = code in (SURVIVED, WITHOUT_TESTS)
        if lives and change(name) in excused:
            counts["known"][module_of(name)] += 1
        elif not (lives and alive_alone(name)):
            counts["killed"][module_of(name)] += 1
        else:
            new.append(name)
    for module in sorted(total):
        killed, listed = (counts[kind][module] for kind in ("killed", "known"))
        left = total[module] - killed - listed
        print(
            f"{module:24} {total[module]:5} mutants {killed:5} killed {listed:4} known {left:4} new"
        )
    for name in new:
        where, becomes = change(name)
        print(f"\n{name}\n[[survivor]]\nwhere = {where!r}\nbecomes = [{becomes!r}]\nreason = ''")
    share = sum(counts["killed"].values()) / max(1, total.total())
    print(f"\n{share:.1%} of {total.total()} mutants killed; {len(new)} survivors without a reason")
    return share >= WANTED and not new


def main(arguments: list[str] | None = None) -> int:
    """Run mutmut on a choice of mutants, and judge what survives."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument(
        "modules", nargs="*", help="such as grid or diagnosis.slopes; all by default"
    )
    parser.add_argument("--tenths", type=int, default=1, help="how many tenths of them to try")
    parser.add_argument("--seed", type=int, default=10, help="of the choice")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args(arguments)
    names = patterns(given.modules, given.tenths, given.seed)
    mutmut = str(Path(sys.executable).with_name("mutmut"))
    command = [mutmut, "run", "--max-children", str(given.processes), *names]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        return 1
    digits = names[0].rpartition("[")[2].rstrip("]")
    tried: dict[str, int | None] = {
        name: code
        for name, code in outcomes().items()
        if code is not UNSEEN
        and name[-1] in digits
        and (not given.modules or any(module_of(name).startswith(m) for m in given.modules))
    }
    return 0 if report(tried) else 1


if __name__ == "__main__":
    sys.exit(main())
