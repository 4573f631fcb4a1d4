"""Reads and writes the settings file, and says at which place it is wrong."""

import tomllib
from pathlib import Path

import tomli_w
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pcc_desk.desk.errors import DeskError
from pcc_desk.home import SETTINGS_FILE, write_private
from pcc_desk.settings.model import Settings


class SettingsMissing(DeskError):
    """There is no settings file: no shop is set up in this folder."""


class SettingsWrong(DeskError):
    """The settings file cannot be used. The message names the line and the field."""


def load_settings(home: Path) -> Settings:
    """Read the settings of a data folder. Raises `SettingsMissing` or `SettingsWrong`."""
    path = home / SETTINGS_FILE
    try:
        text = path.read_text(encoding="utf-8")
        return Settings.model_validate(tomllib.loads(text))
    except FileNotFoundError as error:
        raise SettingsMissing(f"No shop is set up in {home}. Run pcc-desk setup.") from error
    except OSError as error:
        raise SettingsWrong(f"{path} cannot be read: {error.strerror}. Run pcc-desk doctor.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsWrong(f"{path} is not written as a settings file is: {error}. Mend that place.") from error
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
        more = f" {len(wrong) - 1} more after it." if len(wrong) > 1 else ""
        raise SettingsWrong(f"{path}, {_place(text, wrong[0])}: {_complaint(wrong[0])}.{more}") from error


def is_practice(home: Path) -> bool:
    """Return whether a data folder says of itself that nobody and nothing in it is real."""
    try:
        return load_settings(home).practice
    except (SettingsMissing, SettingsWrong):
        return False


def save_settings(home: Path, settings: Settings) -> None:
    """Write the settings of a data folder, whole or not at all, mode 0600. Raises `OSError`."""
    content = settings.model_dump(mode="json", exclude_none=True)
    write_private(home / SETTINGS_FILE, tomli_w.dumps(content).encode())


def _complaint(error: ErrorDetails) -> str:
    """Return what is wrong with a field, as a clause."""
    match error["type"]:
        case "missing":
            return "is missing; write it"
        case "extra_forbidden":
            return "is not a setting of this version; remove it or correct its name"
        case "value_error":
            return str(error["ctx"]["error"])
        case _:
            words = error["msg"]
            return words[:1].lower() + words[1:]


def _place(text: str, error: ErrorDetails) -> str:
    """Return the line and the name of a field, `line 3, shop.zone`; without a line when it is not in the text."""
    parts = [str(part) for part in error["loc"]]
    line = _line_of(text, parts)
    return (f"line {line}, " if line else "") + ".".join(parts)


def _line_of(text: str, parts: list[str]) -> int | None:
    """Return the line on which a key stands: in its table, or where its table begins when the key is absent."""
    table, table_line = "", None
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if line.startswith("["):
            table = line.split("]", 1)[0].strip("[ ")
            if table == ".".join(parts):
                return number
            table_line = number if table == ".".join(parts[:-1]) else table_line
        elif "=" in line and not line.startswith("#"):
            key = line.split("=", 1)[0].strip().strip("\"'")
            if ".".join(part for part in (table, key) if part) == ".".join(parts):
                return number
    return table_line
