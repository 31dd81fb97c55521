"""Tests of where a build finds the repository that its launch buttons open."""

import subprocess
from pathlib import Path

import pytest

from gdlib.book.launch import Repository, public_url, repository


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("https://github.com/owner/name.git", "https://github.com/owner/name"),
        ("https://github.com/owner/name/", "https://github.com/owner/name"),
        ("https://user:secret@gitlab.com/group/sub/name.git", "https://gitlab.com/group/sub/name"),
        ("http://git.example.org:8080/owner/name", "https://git.example.org:8080/owner/name"),
        ("git@github.com:owner/name.git", "https://github.com/owner/name"),
        ("ssh://git@host.example:2222/owner/name.git", "https://host.example/owner/name"),
        ("git://github.com/owner/name\n", "https://github.com/owner/name"),
    ],
)
def test_an_address_becomes_a_page_without_credentials(address: str, page: str) -> None:
    assert public_url(address) == page


@pytest.mark.parametrize(
    "address",
    ["", "/srv/git/name.git", "../name", "file:///srv/name", "C:\\books\\name", "https://host.org"],
)
def test_an_address_that_no_reader_can_open_is_none(address: str) -> None:
    assert public_url(address) is None


GITHUB = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "fork/name"}
GITLAB = {"CI_PROJECT_URL": "https://gitlab.com/group/name"}


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        (
            GITHUB | {"GITHUB_REF_NAME": "trunk"},
            Repository("https://github.com/fork/name", "trunk"),
        ),
        (
            GITHUB | {"GITHUB_REF_NAME": "7/merge", "GITHUB_BASE_REF": "main"},
            Repository("https://github.com/fork/name", "main"),
        ),
        (GITLAB | {"CI_COMMIT_REF_NAME": "dev"}, Repository(GITLAB["CI_PROJECT_URL"], "dev")),
        (GITLAB | {"CI_DEFAULT_BRANCH": "main"}, Repository(GITLAB["CI_PROJECT_URL"], "main")),
    ],
)
def test_continuous_integration_names_its_own_repository(
    tmp_path: Path, variables: dict[str, str], expected: Repository
) -> None:
    assert repository(tmp_path, variables) == expected


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", "--initial-branch=draft", tmp_path], check=True)
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True)


def test_a_checkout_without_a_remote_has_no_repository(checkout: Path) -> None:
    assert repository(checkout, {}) is None


def test_a_checkout_of_a_local_folder_has_no_repository(checkout: Path) -> None:
    git(checkout, "remote", "add", "origin", "/srv/book.git")
    assert repository(checkout, {}) is None


def test_a_fork_gets_its_own_address_and_the_branch_it_is_on(checkout: Path) -> None:
    git(checkout, "remote", "add", "origin", "git@github.com:fork/book.git")
    assert repository(checkout, {}) == Repository("https://github.com/fork/book", "draft")


def test_the_remotes_published_branch_wins_over_the_one_checked_out(checkout: Path) -> None:
    git(checkout, "remote", "add", "origin", "https://github.com/fork/book.git")
    git(checkout, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    assert repository(checkout, {}) == Repository("https://github.com/fork/book", "trunk")


def test_a_folder_that_is_no_checkout_has_no_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert repository(tmp_path, {}) is None
