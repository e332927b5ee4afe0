"""The house keeps its shape: floors, ceilings and names, as the design lays them down."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

HOUSE = Path(__file__).resolve().parent.parent
FLOORS = ["accounts", "consult.document", "comments", "consult.reports", "consult.pages"]
ROOMS = ("accounts", "comments", "config", "consult")
TOP = {
    ".ci",
    ".dockerignore",
    ".env.example",
    ".gitignore",
    "Dockerfile",
    "LICENSE",
    "Makefile",
    "README.md",
    "accounts",
    "comments",
    "config",
    "consult",
    "docker-compose.yml",
    "docs",
    "manage.py",
    "pyproject.toml",
    "requirements-dev.txt",
    "requirements.txt",
    "templates",
    "tests",
}
NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "common", "core", "services", "signals", "manager"}
LONGEST_MODULE = 450
LONGEST_FUNCTION = 50
LONGEST_VIEW = 40


def modules() -> list[Path]:
    return [
        path
        for room in ROOMS
        for path in sorted((HOUSE / room).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """The name of each function of a module and how many lines it takes."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(HOUSE)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1


def floor_of(module: str) -> int:
    """How high a module stands; the deepest floor whose name it begins with."""
    return next(level for level, floor in enumerate(FLOORS) if f"{module}.".startswith(f"{floor}."))


def test_foreign_keys_point_down() -> None:
    upward = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith(tuple(FLOORS))
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and isinstance(field.related_model, type)
        and field.related_model.__module__.startswith(tuple(FLOORS))
        and floor_of(field.related_model.__module__) > floor_of(model.__module__)
    ]
    assert upward == []


def test_no_generic_foreign_keys() -> None:
    assert [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith(tuple(FLOORS))
        for field in model._meta.private_fields
    ] == []


def test_modules_and_functions_stay_short() -> None:
    long_modules = [
        str(path.relative_to(HOUSE))
        for path in modules()
        if len(path.read_text().splitlines()) > LONGEST_MODULE
    ]
    views = HOUSE / "consult" / "pages"
    long_functions = [
        name
        for path in modules()
        for name, lines in functions(path)
        if lines > (LONGEST_VIEW if path.parent == views else LONGEST_FUNCTION)
    ]
    assert long_modules + long_functions == []


def test_module_names_say_something() -> None:
    assert [path for path in modules() if path.stem in NAMES_THAT_SAY_NOTHING] == []


def test_nothing_is_imported_inside_a_function() -> None:
    """The import contract sees the top of a module only."""
    inner = [
        f"{path.relative_to(HOUSE)}:{node.lineno}"
        for path in modules()
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inner == []


def test_templates_hold_no_inline_script_or_style() -> None:
    inline = [
        f"{path.relative_to(HOUSE)}:{number}"
        for path in sorted((HOUSE / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if " style=" in line
        or "<style" in line
        or " onclick=" in line
        or "javascript:" in line
        or "|safe" in line
        or "autoescape off" in line
        or ("<script" in line and "src=" not in line)
    ]
    assert inline == []


def test_the_top_level_is_the_designs() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=HOUSE, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    if not listed:
        pytest.fail("Run the tests in a git checkout.")
    assert {Path(name).parts[0] for name in listed} - TOP == set()
