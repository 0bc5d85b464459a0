"""The floors of the house hold: a room imports only from the floors below it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# From the ground up; a room may import rooms of lower floors, and of its own where it is a package.
FLOORS = (("rules",), ("config", "extensions"), ("tables",), ("models",), ("sikerja",), ("views", "cli"), ("app",), ("bench",))
FLOOR = {room: number for number, floor in enumerate(FLOORS) for room in floor}
# What the views share; every other module in views/ is a screen or a page and imports no other.
SHARED_BY_VIEWS = {
    "base",
    "binpage",
    "cells",
    "charts",
    "compared",
    "conflict",
    "exportpage",
    "fields",
    "figurefile",
    "filterbar",
    "folds",
    "formpage",
    "forms",
    "historypage",
    "incoming",
    "listpage",
    "moveform",
    "page",
    "prescribed",
    "screen",
    "security",
    "sending",
    "tabs",
    "ticks",
    "uploads",
}
# The screens that are told in several files.
PARTS = {
    ("agreements", "agreement_answers"),
    ("agreement_process", "agreement_answers"),
    ("agreements", "agreement_details"),
    ("agreements", "agreement_family"),
    ("agreements", "agreement_process"),
    ("agreements", "agreement_offer"),
    ("agreement_family", "agreement_verbs"),
    ("attachments", "attachment_details"),
    ("stages", "stage_details"),
    ("stages", "stage_moves"),
    ("stage_details", "agreement_answers"),
    ("stage_details", "agreement_process"),
    ("regulations", "regulation_details"),
}


def sources() -> list[Path]:
    return [
        path for path in ROOT.rglob("*.py")
        if path.relative_to(ROOT).parts[0].removesuffix(".py") in FLOOR and ".venv" not in path.parts
    ]  # fmt: skip


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_from_floors_below(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0].removesuffix(".py")
    for name in imports(path):
        other = name.partition(".")[0]
        if other in FLOOR and other != room:
            assert FLOOR[other] < FLOOR[room] or (FLOOR[other] == FLOOR[room] and room == "extensions"), (
                f"{path.name} reaches up to {name}"
            )


def test_rules_know_neither_database_nor_web() -> None:
    for path in (ROOT / "rules").glob("*.py"):
        for name in imports(path):
            assert name.partition(".")[0] not in {"flask", "sqlalchemy", "wtforms", "flask_admin"}, path


def test_a_view_imports_no_other_view() -> None:
    for path in (ROOT / "views").glob("*.py"):
        if path.stem == "__init__":
            continue
        used = {name.split(".")[1] for name in imports(path) if name.startswith("views.")}
        extra = used - SHARED_BY_VIEWS - {part for whole, part in PARTS if whole == path.stem}
        assert not extra, f"{path.name} imports {extra}"


LONGEST_FILE, LONGEST_FUNCTION = 400, 50


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_rooms_and_functions_stay_small(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, f"{node.name} is too long"


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_public_functions_and_classes_say_what_they_mean(path: Path) -> None:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{path.name}: {node.name} has no docstring"
