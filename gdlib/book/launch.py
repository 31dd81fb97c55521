"""Where this copy of the book lives: the repository that launch buttons open, read at build time.

Nothing is written down, so a fork gets its own buttons, and a copy without a home gets none.
"""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

# `git@host.org:owner/name`, as git writes an ssh address; a drive's letter (C:\) is no host.
SCP = re.compile(r"(?:[\w.-]+@)?(?P<host>[\w-]+(?:\.[\w-]+)+):(?P<path>[^/\\].*)")
DEFAULT_BRANCH = "main"


class Repository(NamedTuple):
    """A repository's page, such as ``https://github.com/owner/name``, and the branch to open."""

    url: str
    branch: str


def repository(
    folder: Path | None = None, environment: Mapping[str, str] | None = None
) -> Repository | None:
    """Return the repository that this build belongs to, or None if it has no public address.

    A continuous-integration service's own variables come first (GitHub's and GitLab's), then the
    remote named ``origin`` of the checkout that holds `folder` (the working folder by default).
    """
    variables = os.environ if environment is None else environment
    return _from_ci(variables) or _from_git(folder or Path.cwd())


def public_url(address: str) -> str | None:
    """Return a git remote's `address` as an https page, without credentials; None for a local path.

    >>> public_url("git@github.com:owner/name.git")
    'https://github.com/owner/name'
    """
    address = address.strip()
    if "://" not in address:
        match = SCP.fullmatch(address)
        return _page(match["host"], match["path"]) if match else None
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https", "ssh", "git"} or not parts.hostname:
        return None
    # A web server's port stays; an ssh server's says nothing of the page.
    port = f":{parts.port}" if parts.port and parts.scheme.startswith("http") else ""
    return _page(f"{parts.hostname}{port}", parts.path)


def _page(host: str, path: str) -> str | None:
    name = path.strip("/").removesuffix(".git")
    return f"https://{host}/{name}" if "/" in name else None


def _from_ci(variables: Mapping[str, str]) -> Repository | None:
    if {"GITHUB_SERVER_URL", "GITHUB_REPOSITORY"} <= variables.keys():
        url = public_url(f"{variables['GITHUB_SERVER_URL']}/{variables['GITHUB_REPOSITORY']}")
        # On a pull request GITHUB_REF_NAME is "7/merge", which nobody can open.
        branch = variables.get("GITHUB_BASE_REF") or variables.get("GITHUB_REF_NAME")
    else:
        url = public_url(variables.get("CI_PROJECT_URL", ""))
        branch = variables.get("CI_COMMIT_REF_NAME") or variables.get("CI_DEFAULT_BRANCH")
    return Repository(url, branch or DEFAULT_BRANCH) if url else None


def _from_git(folder: Path) -> Repository | None:
    url = public_url(_git(folder, "remote", "get-url", "origin"))
    if url is None:
        return None
    published = _git(folder, "symbolic-ref", "--short", "refs/remotes/origin/HEAD")
    branch = published.removeprefix("origin/") or _git(folder, "branch", "--show-current")
    return Repository(url, branch or DEFAULT_BRANCH)


def _git(folder: Path, *arguments: str) -> str:
    """Return what git says, or nothing where it has nothing to say or is not installed."""
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
