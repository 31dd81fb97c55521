"""Build the widgets' front end into gdlib/static/ whenever the package is built or installed."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEnd(BuildHookInterface[Any]):
    """Hatchling's hook around frontend/make.py."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Bundle before the files are collected; they are git-ignored, so name them."""
        if self.target_name == "wheel":
            runpy.run_path(str(Path(self.root, "frontend", "make.py")))["build"]()
            build_data["artifacts"].append("/gdlib/static/*")
