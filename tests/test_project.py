"""What the files of the project promise to whoever gets them."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from pcc_desk import __version__
from pcc_desk.cli import ANSWERS_HELP, EXIT_STATUSES
from pcc_desk.settings import Settings
from pcc_desk.setup.questions import QUESTIONS

ROOT = Path(__file__).parents[1]

ELSEWHERE = [  # put together from pieces, so that this file does not hold them
    "/" + "root/",
    "/" + "home/",
    "/" + "Users/",
    "/" + "work/",
    "/" + "opt/",
    "/" + "tmp/",
    "file:" + "//",
    "find-" + "links",
    "index-" + "url",
    "PIP_" + "CERT",
]
"""Marks of the machine that a file was written on."""

PUBLIC_HOSTS = {"pypi.org", "files.pythonhosted.org"}


def project_files() -> list[Path]:
    """Return the files that are handed on: those that git would take, or all that lie there without git."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split("\0")
    except (FileNotFoundError, subprocess.CalledProcessError):
        made = {".venv", ".uv", ".bench", ".practice", "__pycache__"}
        return [path for path in ROOT.rglob("*") if path.is_file() and not made & set(path.parts)]
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def block_after(text: str, fence: str) -> str:
    return text.split(fence, 1)[1].split("```", 1)[0]


def test_no_file_tells_of_the_machine_it_was_written_on() -> None:
    files = project_files()
    assert ROOT / "pyproject.toml" in files
    found = [
        f"{path.relative_to(ROOT)}: {mark}"
        for path in files
        for mark in ELSEWHERE
        if re.search(rf"(?<![\w.~]){re.escape(mark)}", text_of(path))
    ]
    assert found == []


def test_packages_come_from_the_public_index_with_a_hash_each() -> None:
    lock = text_of(ROOT / "uv.lock")
    assert set(re.findall(r"https?://([^/\"]+)", lock)) == PUBLIC_HOSTS
    packages = tomllib.loads(lock)["package"]
    assert "keyrings-alt" not in {package["name"] for package in packages}, "it keeps secrets in clear, unasked"
    sources = {next(iter(package["source"])) for package in packages if package["name"] != "pcc-desk"}
    assert sources == {"registry"}
    files = [each for package in packages for each in [*package.get("wheels", []), package.get("sdist")] if each]
    assert files
    assert all(each["hash"].startswith("sha256:") for each in files)


def test_the_version_is_the_same_everywhere() -> None:
    assert tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]["version"] == __version__


def test_the_readme_gives_the_exit_statuses_that_the_help_gives() -> None:
    of_help = re.findall(r"^  (\d)  (.+)$", EXIT_STATUSES, re.MULTILINE)
    of_readme = re.findall(r"^\| (\d) \| (.+) \|$", text_of(ROOT / "README.md"), re.MULTILINE)
    assert of_help == of_readme
    assert [number for number, _ in of_help] == ["0", "1", "2", "3", "4", "5"]


def test_the_settings_of_the_readme_can_be_used_and_show_every_setting() -> None:
    shown = tomllib.loads(block_after(text_of(ROOT / "README.md"), "```toml"))
    settings = Settings.model_validate(shown)
    left_out = set(Settings.model_fields) - set(shown)
    assert left_out == {"practice"}
    for part in (settings.shop, settings.state_system, settings.pos):
        assert part is not None
        assert part.model_fields_set == set(type(part).model_fields)


def test_the_help_of_setup_names_every_question_and_no_other() -> None:
    listed = " ".join(line for line in ANSWERS_HELP.splitlines() if line.startswith("  "))
    for question in QUESTIONS:
        assert question.key in listed
    assert set(re.findall(r"\b[a-z]+_[a-z]+\b", listed)) <= {question.key for question in QUESTIONS}


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_make_target_that_is_written_about_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", text_of(ROOT / name), re.MULTILINE))
    assert named
    assert named <= targets


def test_make_help_names_every_target_meant_for_people() -> None:
    said = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    targets = set(re.findall(r"^\.PHONY: ([a-z-]+)", text_of(ROOT / "Makefile"), re.MULTILINE))
    assert set(re.findall(r"^  make ([a-z-]+)", said, re.MULTILINE)) == targets
    assert {"demo", "test", "check", "bench", "picture", "training", "clean", "help"} <= targets


def test_the_check_of_a_clean_machine_can_be_run() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "make --no-print-directory check" in text_of(script)


def test_the_changelog_says_what_is_not_yet_released_and_the_licence_is_whole() -> None:
    changelog = text_of(ROOT / "CHANGELOG.md")
    assert re.search(r"^## \[(Unreleased|\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2})", changelog, re.MULTILINE)
    licence = text_of(ROOT / "LICENSE")
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence


def test_every_local_link_of_the_pages_leads_somewhere() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", text_of(ROOT / name)):
            assert target.startswith("https://") or (ROOT / target).is_file(), f"{name}: {target}"
