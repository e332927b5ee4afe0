"""README.md keeps to the source: the variables, the folders and the sign-ins."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from consult.pages.demonstration.script import read_script

HOUSE = Path(__file__).resolve().parents[2]
README = (HOUSE / "README.md").read_text(encoding="utf-8")
SOURCES = ["settings.py", "up.py", "supervisor.py", "embedded/folders.py"]
# Set by make for what it starts, not by people.
NOT_FOR_PEOPLE = {"MAKELEVEL"}


def table(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, row by row, without its head."""
    below = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split("|") for line in below.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def names_in(tree: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """Each environment variable that a module reads, with its default where it gives one."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name("env")), args=[ast.Constant(str(name)), *_]
            ):
                defaults = [word.value for word in node.keywords if word.arg == "default"]
                yield name, defaults[0] if defaults else None
            case ast.Call(func=ast.Attribute(value=environ), args=[ast.Constant(str(name)), *_]):
                if ast.unparse(environ) == "os.environ":
                    yield name, None
            case ast.Compare(left=ast.Constant(str(name)), comparators=[environ]):
                if ast.unparse(environ) == "os.environ":
                    yield name, None


@pytest.fixture(scope="module")
def variables() -> dict[str, ast.expr | None]:
    found: dict[str, ast.expr | None] = {}
    for source in SOURCES:
        tree = ast.parse((HOUSE / "config" / source).read_text(encoding="utf-8"))
        found = dict(names_in(tree)) | found
    return {name: default for name, default in found.items() if name not in NOT_FOR_PEOPLE}


def test_the_table_lists_every_variable_that_is_read(
    variables: dict[str, ast.expr | None],
) -> None:
    listed = [row[0].strip("`") for row in table("Environment")]
    assert sorted(listed) == sorted(variables)


def test_the_table_gives_the_defaults(variables: dict[str, ast.expr | None]) -> None:
    shown = {row[0].strip("`"): row[2] for row in table("Environment")}
    for name, default in variables.items():
        match default:
            case ast.Constant(value) if value != "":
                assert shown[name] == f"`{value!s}`", name
            case ast.List(elts=[]):
                assert shown[name] == "none", name
            case ast.List():
                assert shown[name] == f"`{','.join(ast.literal_eval(default))}`", name


def test_the_tree_is_the_directorys() -> None:
    tree = README.split("\n## Where things are\n\n```\n", 1)[1].split("```", 1)[0]
    named, above = set(), ""
    for line in tree.splitlines():
        folder = re.match(r"( *)(\w+)/", line)
        assert folder, line
        above = above if folder[1] else folder[2]
        named.add(f"{above}/{folder[2]}" if folder[1] else folder[2])
    assert [folder for folder in named if not (HOUSE / folder).is_dir()] == []
    assert {folder for folder in named if "/" not in folder} >= folders_kept("")
    assert {folder.split("/")[1] for folder in named if "/" in folder} >= rooms("consult")


def folders_kept(under: str) -> set[str]:
    """The folders that are kept, one level down, but for hidden ones and documents."""
    kept = subprocess.run(
        ["git", "ls-files", under or "."], cwd=HOUSE, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    depth = under.count("/") + 1 if under else 0
    parts = [Path(name).parts for name in kept]
    return {
        part[depth]
        for part in parts
        if len(part) > depth + 1 and not part[depth].startswith(".") and part[depth] != "docs"
    }


def rooms(app: str) -> set[str]:
    return folders_kept(app) - {"migrations", "static", "templatetags"}


def test_the_sign_ins_are_the_demonstrations() -> None:
    script = read_script()
    offered = {person.email for person in script.people if person.sign_in}
    shown = table("What you will see")
    assert {row[1] for row in shown} <= offered
    assert {row[2] for row in shown} == {script.password}


def test_what_make_and_the_readme_run_is_there() -> None:
    for target in re.findall(r"^make (\w+)", README, re.MULTILINE):
        assert f"\n{target}:" in (HOUSE / "Makefile").read_text(encoding="utf-8")
    commands = HOUSE / "consult" / "pages" / "management" / "commands"
    for command in re.findall(r"manage\.py (\w+)", README):
        assert command == "createsuperuser" or (commands / f"{command}.py").exists()


def test_what_the_readme_links_to_is_there() -> None:
    linked = [name for name in re.findall(r"\]\(([^)#]+)", README) if "://" not in name]
    assert linked
    assert [name for name in linked if not (HOUSE / name).exists()] == []
