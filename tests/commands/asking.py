"""Asks `pcc-desk allotment` in tests: files from values, the answer as a document."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from pcc_desk.commands.allotment import allotment
from pcc_desk.desk.errors import DeskError

Line = Mapping[str, Any]


def run(*arguments: str, given: str | None = None) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(allotment, arguments, input=given, prog_name="pcc-desk allotment")


def written(folder: Path, name: str, content: Any) -> str:
    """Write a file, text as it is and anything else as JSON, and return its path."""
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


def ask(
    folder: Path,
    code: str,
    at: str,
    purchases: Sequence[Line] | str = (),
    *options: str,
    proposed: Sequence[Line] | str | None = None,
    registry: Any = None,
) -> dict[str, Any]:
    """Return the answer of the command as the document that it writes."""
    arguments = ["--jurisdiction", code, "--at", at, "--json", *options]
    arguments += ["--purchases", written(folder, "purchases", purchases)]
    if proposed is not None:
        arguments += ["--proposed", written(folder, "proposed", proposed)]
    if registry is not None:
        arguments += ["--registry", written(folder, "registry", registry)]
    result = run(*arguments)
    assert result.exception is None, result.output + repr(result.exception)
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def refusal(*arguments: str, given: str | None = None) -> str:
    """Return the one sentence with which the command refuses. Anything but a refusal is a failure."""
    result = run(*arguments, given=given)
    if isinstance(result.exception, DeskError):
        told = str(result.exception)
    else:
        assert result.exit_code == 2, result.output + repr(result.exception)
        assert isinstance(result.exception, SystemExit)
        told = result.stderr.rpartition("Error: ")[2].strip()
    assert told
    assert all(letter.isprintable() for letter in told), told
    assert told.endswith("."), told
    return told


def limit(document: Mapping[str, Any], limit_id: str) -> dict[str, Any]:
    """Return one limit of an answer."""
    found: dict[str, Any] = next(each for each in document["limits"] if each["id"] == limit_id)
    return found


def category(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return one category of an answer."""
    found: dict[str, Any] = next(each for each in document["categories"] if each["cat"] == name)
    return found
