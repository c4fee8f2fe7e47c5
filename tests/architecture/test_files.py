"""The repository carries what a newcomer needs and nothing that belongs elsewhere."""

import re
from pathlib import Path

import pytest

from tests.architecture.source import APP, ROOT, place

LOCKS = [*sorted(ROOT.glob("requirements*.lock")), ROOT / "package-lock.json"]
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==", re.MULTILINE)
REQUIREMENT = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)", re.MULTILINE)
OWN_HOSTS = r"(?:127\.0\.0\.1|localhost)"
ADDRESS = re.compile(r"://|file:|\"resolved\"|--(find-links|(extra-)?index-url|trusted-host)")
# Names of formats, which nobody fetches.
NAMESPACES = r"(?:www\.w3\.org/)"
FOREIGN = re.compile(rf"(?:https?:)?//(?!{OWN_HOSTS}|{NAMESPACES})[\w-]+\.[\w.-]+", re.ASCII)
NEWCOMERS_READ = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "LICENSE",
    "docs/glossary.md",
    "docs/dependencies.md",
]


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def read(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def requirements_in(path: Path) -> set[str]:
    return {normalised(name) for name in REQUIREMENT.findall(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("name", NEWCOMERS_READ)
def test_what_newcomers_read_is_there(name: str) -> None:
    assert (ROOT / name).stat().st_size > 0


def test_contributing_fits_on_one_page() -> None:
    lines = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()

    assert len(lines) <= 60


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_lock_file_names_no_registry(path: Path) -> None:
    # npm notes where authors take donations, which nobody downloads from.
    lines = [line for line in read(path) if not re.match(r'\s*"url": ', line)]

    assert [line for line in lines if ADDRESS.search(line)] == []


@pytest.mark.parametrize("path", LOCKS[:-1], ids=lambda path: path.name)
def test_every_locked_package_has_its_hashes(path: Path) -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", path.read_text(encoding="utf-8"))

    assert [b for b in blocks if PINNED.match(b) and "--hash=sha256:" not in b] == []
    assert sum(bool(PINNED.match(block)) for block in blocks) > 1


def test_the_locks_hold_one_version_of_a_package() -> None:
    runtime, development = (
        dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )

    assert runtime.items() - development.items() == set()


@pytest.mark.parametrize("part", ["requirements", "requirements-build", "requirements-dev"])
def test_every_requirement_is_locked(part: str) -> None:
    pinned = {
        normalised(name)
        for name in PINNED.findall((ROOT / f"{part}.lock").read_text(encoding="utf-8"))
    }

    assert requirements_in(ROOT / f"{part}.in") - pinned == set()


@pytest.mark.parametrize("part", ["requirements", "requirements-build", "requirements-dev"])
def test_every_requirement_has_its_reason(part: str) -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    explained = {normalised(name) for name in re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)}

    assert requirements_in(ROOT / f"{part}.in") - explained == set()


def test_every_front_end_package_has_its_reason() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    package = (ROOT / "package.json").read_text(encoding="utf-8")
    block = re.findall(r'"(?:devD|d)ependencies": \{(.*?)\}', package, re.DOTALL)

    names = set(re.findall(r'"([^"]+)":', "".join(block)))

    assert {name for name in names if f"`{name}`" not in page} == set()


def test_pages_ask_no_other_host_for_anything() -> None:
    files = [
        path
        for ending in ("*.html", "*.js", "*.mjs", "*.css")
        for path in sorted((APP / "web").rglob(ending))
        if "vendor" not in path.parts
    ]

    assert [
        f"{place(path)}: {host}"
        for path in files
        for host in FOREIGN.findall(path.read_text(encoding="utf-8"))
    ] == []
