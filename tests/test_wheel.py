"""The wheel, in an environment that holds nothing else."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pcc_desk import __version__
from pcc_desk.practice import PASSPHRASE
from tests.terminal import Terminal

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Installed:
    """The desk as somebody without a checkout has it."""

    wheel: Path
    bin: Path
    run: Callable[..., subprocess.CompletedProcess[str]]


def uv() -> str:
    """Return the uv of the checkout or of the machine, as the Makefile does."""
    found = shutil.which("uv") or str(ROOT / ".uv" / "bin" / "uv")
    if not Path(found).is_file():
        pytest.fail("There is no uv: run the tests with make test, which fetches it.")
    return found


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Build the wheel and install it, with the locked versions of what it needs, into an empty environment."""
    folder = tmp_path_factory.mktemp("wheel")
    environ = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    environ |= {"UV_COMPILE_BYTECODE": "1", "XDG_DATA_HOME": str(folder / "data")}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)

    def run(*command: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(part) for part in command], cwd=folder, env=environ, capture_output=True, text=True, check=False
        )
        if check and done.returncode:
            pytest.fail(f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    needed, environment = folder / "needed.txt", folder / "environment"
    run(uv(), "build", "--wheel", "--quiet", "--out-dir", folder / "dist", ROOT)
    run(uv(), "export", "--project", ROOT, "--locked", "--no-dev", "--no-emit-project", "--quiet", "-o", needed)
    run(uv(), "venv", "--quiet", "--python", sys.executable, environment)
    python = environment / "bin" / "python"
    run(uv(), "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", needed)
    (wheel,) = (folder / "dist").glob("*.whl")
    run(uv(), "pip", "install", "--quiet", "--python", python, "--no-deps", wheel)
    return Installed(wheel, environment / "bin", run)


def test_the_wheel_says_its_version(installed: Installed) -> None:
    assert installed.run(installed.bin / "pcc-desk", "--version").stdout == f"pcc-desk {__version__}\n"


def test_the_wheel_holds_every_data_file_of_the_checkout_and_the_licence(installed: Installed) -> None:
    names = set(zipfile.ZipFile(installed.wheel).namelist())
    data = {path.relative_to(ROOT / "data") for path in (ROOT / "data").rglob("*") if path.is_file()}
    assert data
    assert {f"pcc_desk/_data/{path.as_posix()}" for path in data} <= names
    styles = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.tcss")}
    assert styles <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert "pcc_desk/py.typed" in names
    assert not [name for name in names if name.startswith("tests/") or "__pycache__" in name]


def test_the_doctor_finds_the_rules_inside_the_wheel(installed: Installed) -> None:
    done = installed.run(installed.bin / "pcc-desk", "doctor", "--json", check=False)
    document = json.loads(done.stdout)
    rules = next(each for each in document["findings"] if each["subject"] == "rules")
    assert rules["found"] == "fine"
    assert rules["says"].startswith("Rules of 47 jurisdictions")
    assert Path(rules["facts"]["folder"]).is_relative_to(installed.bin.parent)
    assert [each for each in document["findings"] if each["found"] in {"warning", "trouble"}] == []
    assert (done.returncode, document["ok"], document["schema"]) == (0, True, "doctor/1")


def test_the_practice_shop_opens_from_the_wheel(installed: Installed, tmp_path: Path) -> None:
    command = [str(installed.bin / "pcc-desk"), "--home", str(tmp_path / "practice"), "demo"]
    with Terminal(command, {"PYTHONPATH": ""}) as terminal:
        terminal.see("passphrase")
        terminal.type(PASSPHRASE + "\r")
        terminal.see("[Today")
        terminal.press("q")
        terminal.see("expected 10")
        terminal.see("METRC up")
        terminal.press("f10")
        assert terminal.end() == 0
