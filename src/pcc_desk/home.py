"""The data folder: the one place on this computer where the desk keeps files.

It is named by `--home`, else by `PCC_DESK_HOME`, else it is the usual place for a program's data. The folder belongs to
one person of the computer: mode 0700, its files 0600.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pcc_desk.desk.errors import DeskError

HOME_VARIABLE = "PCC_DESK_HOME"
"""The environment variable that names the data folder."""

SETTINGS_FILE = "settings.toml"
"""The settings' name in the data folder."""

DARK_THEME, LIGHT_THEME = "pcc-dark", "pcc-light"

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


class FolderUnusable(DeskError):
    """A folder cannot serve as the data folder. The message says why and what to do."""


def usual_home(environ: Mapping[str, str]) -> Path:
    """Return the data folder when none is named: below `XDG_DATA_HOME`, or `~/.local/share`.

    As the XDG rule has it, a relative `XDG_DATA_HOME` is not used.
    """
    data = Path(environ.get("XDG_DATA_HOME", ""))
    return (data if data.is_absolute() else Path.home() / ".local" / "share") / "pcc-desk"


def usual_practice_home(environ: Mapping[str, str]) -> Path:
    """Return where the practice shop lives when no data folder is named: beside the real one, never in it."""
    real = usual_home(environ)
    return real.with_name(f"{real.name}-practice")


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What the first screen shows before anybody has proved who they are."""

    shop_name: str
    theme: str
    is_practice: bool


def first_look(home: Path) -> FirstLook | None:
    """Return what the settings file says of the first screen, without judging it; None when it cannot be told.

    Judging them loads what takes longer than drawing that screen does; it is done before anything rests on them.
    """
    import tomllib  # noqa: PLC0415 - not for --help

    try:
        content = tomllib.loads((home / SETTINGS_FILE).read_text(encoding="utf-8"))
        look = FirstLook(content["shop"]["name"], content.get("theme", DARK_THEME), content.get("practice", False))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    is_usable = (
        isinstance(look.shop_name, str)
        and look.theme in {DARK_THEME, LIGHT_THEME}
        and isinstance(look.is_practice, bool)
    )
    return look if is_usable else None


def sitters(home: Path) -> tuple[tuple[tuple[str, str], ...], bool]:
    """Return the ids and names in the slot file, and whether it has a recovery sheet, without judging it.

    Whether a slot is sound is found when it is opened; loading what that takes is slower than drawing a screen.
    """
    import json  # noqa: PLC0415 - not for --help

    for name in ("slots.json", "slots.json.2"):
        try:
            slots = json.loads((home / name).read_text(encoding="utf-8"))["slots"]
            people = [(str(each["person"]["id"]), str(each["person"]["name"])) for each in slots if _is_persons(each)]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        return tuple(dict.fromkeys(people)), any(each["kind"] == "recovery" for each in slots)
    return (), False


def _is_persons(slot: dict[str, str]) -> bool:
    return slot["kind"] in {"passphrase", "pin"}


def make_private(folder: Path) -> None:
    """Make a folder that only its owner can enter, or close an existing one to others. Raises `FolderUnusable`."""
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        folder.chmod(PRIVATE_FOLDER)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FolderUnusable(
            f"The folder {folder} cannot be used: {reason}. Name another with --home or {HOME_VARIABLE}."
        ) from error


def write_private(path: Path, content: bytes) -> None:
    """Put a file in place whole or not at all, readable by its owner only; durable on return. Raises `OSError`."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable. Raises `OSError`."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
