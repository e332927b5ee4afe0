"""The files that install, ship and run the project elsewhere."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.embedded.folders import CHECKOUT
from config.embedded.postgresql import SIZED

LOCKS = ("requirements.txt", "requirements-dev.txt")
COMPOSE_VARIABLE = re.compile(r"\$\{(\w+)(:[?-])?([^}]*)\}")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
    return loaded


def lock(name: str) -> dict[str, str]:
    """Each requirement's block, by name and version."""
    text = (CHECKOUT / name).read_text()
    return dict(re.findall(r"^([\w.\[\],-]+==\S+)((?: [^\n]*)?(?:\n [^\n]*)*)", text, re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_pinned_with_its_hashes(name: str) -> None:
    lines = (CHECKOUT / name).read_text().splitlines()
    requirements = [line for line in lines if line and line[0] not in " #"]
    assert len(requirements) == len(lock(name)) > 20
    assert all("--hash=sha256:" in block for block in lock(name).values())


@pytest.mark.parametrize("name", [*LOCKS, "pyproject.toml", "Makefile", "Dockerfile"])
def test_no_registry_is_named(name: str) -> None:
    text = (CHECKOUT / name).read_text()
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text)


def test_development_has_the_versions_that_production_has() -> None:
    assert set(lock("requirements.txt")) <= set(lock("requirements-dev.txt"))


def test_what_the_project_declares_is_locked() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    declared = project["project"]["dependencies"]
    locked = {re.split(r"[\[=]", requirement)[0] for requirement in lock("requirements.txt")}
    assert {re.split(r"[\[~><=]", requirement)[0] for requirement in declared} <= locked


def test_make_lists_every_target() -> None:
    listed = subprocess.run(
        ["make", "help"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    targets = set(re.findall(r"^  make (\w+)", listed.stdout, re.MULTILINE))
    assert targets == {"help", "up", "test", "bench", "lint", "lock", "messages"}


def test_make_installs_again_only_when_a_lock_has_changed(tmp_path: Path) -> None:
    for name in ("Makefile", ".ci", *LOCKS):
        source = CHECKOUT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    commands = tmp_path / ".venv" / "bin"
    commands.mkdir(parents=True)
    (commands / "python").write_text('#!/bin/sh\necho "$@" >> said\n')
    (commands / "python").chmod(0o755)

    def installs(target: str) -> list[str]:
        (tmp_path / "said").write_text("")
        subprocess.run(["make", "--silent", target], cwd=tmp_path, check=True)
        said = (tmp_path / "said").read_text().splitlines()
        return [words.split()[-1] for words in said if "--require-hashes" in words]

    assert installs("runtime") == ["requirements.txt"]
    assert installs("runtime") == []
    assert installs("development") == ["requirements-dev.txt"]
    (tmp_path / "requirements.txt").touch()
    assert installs("runtime") == []
    with (tmp_path / "requirements.txt").open("a") as file:
        file.write("# changed\n")
    assert installs("runtime") == ["requirements.txt"]
    assert installs("development") == []


@pytest.mark.parametrize(
    ("python", "sentence"),
    [
        ("exit 1", "Python 3.11, 3.12 or 3.13 is needed"),
        ('case "$2" in *ensurepip*) exit 1;; esac', "apt install python3-venv"),
    ],
)
def test_a_python_that_will_not_do_gets_one_sentence(
    python: str, sentence: str, tmp_path: Path
) -> None:
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        (tmp_path / name).write_text(f"#!/bin/sh\n{python}\n")
        (tmp_path / name).chmod(0o755)
    refused = subprocess.run(
        ["/bin/sh", CHECKOUT / ".ci" / "venv"],
        cwd=tmp_path,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_compose_runs_every_part_and_waits_for_what_it_stands_on(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"migrate", "web", "worker", "beat", "postgresql", "valkey"}
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"},
            "postgresql": {"condition": "service_healthy"},
            "valkey": {"condition": "service_healthy"},
        }
    assert services["migrate"]["restart"] == "no"
    assert services["postgresql"]["image"].startswith("postgres:18")
    sized = [f"-c {name}={value}" for name, value in SIZED.items()]
    assert services["postgresql"]["command"] == " ".join(["postgres", *sized])
    for name in ("web", "worker", "postgresql", "valkey"):
        assert services[name]["healthcheck"]["test"]
    mounted = {
        volume.split(":")[0] for name in services for volume in services[name].get("volumes", [])
    }
    assert mounted == set(compose["volumes"])


def test_compose_holds_no_secret_and_names_only_known_variables(compose: dict[str, Any]) -> None:
    text = (CHECKOUT / "docker-compose.yml").read_text()
    example = (CHECKOUT / ".env.example").read_text()
    explained = set(re.findall(r"^(\w+)=", example, re.MULTILINE))
    used = {name: (form, default) for name, form, default in COMPOSE_VARIABLE.findall(text)}
    assert set(used) == explained
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "EMAIL_URL"):
        assert used[name][0] == ":?"
        assert re.search(rf"^{name}=$", example, re.MULTILINE)
    published = [
        port for service in compose["services"].values() for port in service.get("ports", [])
    ]
    assert published == ["127.0.0.1:${PORT:-8000}:8000"]


def test_what_people_hand_in_outlives_the_container(compose: dict[str, Any]) -> None:
    services = compose["services"]
    folder = "/srv/private"
    image = (CHECKOUT / "Dockerfile").read_text()
    assert f"PRIVATE_FILES={folder}\n" in image
    # A new volume takes over the folder's owner, who is the one that runs the site.
    assert f"install --directory --owner consult --mode 0700 {folder}\n" in image
    for name in ("web", "worker"):
        assert services[name]["volumes"] == [f"private:{folder}"]


def test_compose_is_valid_where_its_client_is_installed(tmp_path: Path) -> None:
    docker = shutil.which("docker")
    if (
        not docker
        or subprocess.run(
            [docker, "compose", "version"], capture_output=True, check=False
        ).returncode
    ):
        return
    environment = tmp_path / "env"
    environment.write_text((CHECKOUT / ".env.example").read_text().replace("=\n", "=x\n"))
    subprocess.run(
        [docker, "compose", "--env-file", environment, "config", "--quiet"],
        cwd=CHECKOUT,
        check=True,
    )


def test_the_image_is_small_and_runs_as_nobody_special() -> None:
    lines = (CHECKOUT / "Dockerfile").read_text().splitlines()
    assert [line.split(" AS ")[0] for line in lines if line.startswith("FROM")] == [
        "FROM python:3.13-slim"
    ] * 2
    assert lines.index("USER consult") > max(i for i, line in enumerate(lines) if "COPY" in line)
    ignored = (CHECKOUT / ".dockerignore").read_text().splitlines()
    # Which covers .git, .env, .venv and .local.
    assert ".*" in ignored
