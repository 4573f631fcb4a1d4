"""What setting up asks, once for both ways of answering: at the keyboard and from a file descriptor."""

import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pcc_desk.desk.errors import DeskError
from pcc_desk.domain.people import Role
from pcc_desk.rulebook import rule_files
from pcc_desk.settings import known_zone, safe_address
from pcc_desk.setup.pos_answers import NO_POS, POINTS_OF_SALE, REPORTS, adapters_of
from pcc_desk.store.vault import SHORTEST_PASSPHRASE

Answers = Mapping[str, str]
"""An answer for each question that was asked, by its key, already judged."""

METRC = "metrc"
MANUAL = "manual"
NONE_YET = "none"
APIS = ", ".join(each for each in POINTS_OF_SALE if each != REPORTS)
STATE_PAGE = "State page"
"""What people call the page on which the state shows a card, unless they say otherwise."""
LONGEST_ANSWERS = 65_536
"""Bytes of answers that are read from a file descriptor."""


class AnswersRefused(DeskError):
    """The answers cannot be used. The message names every one that is unknown, missing or wrong."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to know. `judge` returns the answer as it is kept, or raises `ValueError` with a clause."""

    key: str
    words: str
    judge: Callable[[str], str]
    is_secret: bool = False
    proposal: str | None = None
    """What an empty answer stands for; None when there must be one."""
    is_asked: Callable[[Answers], bool] = lambda _: True
    """Whether it is asked, given the answers before it."""
    goes_with: str = ""
    """With which answer it is asked, for people."""


def _words(answer: str) -> str:
    kept = " ".join(answer.split())
    if not kept:
        raise ValueError("something must be written here")
    if len(kept) > 200:
        raise ValueError("that is longer than 200 characters")
    if any(unicodedata.category(letter) in {"Cc", "Cf"} for letter in kept):
        raise ValueError("it holds characters that cannot be seen; type it anew")
    return kept


def _jurisdiction(answer: str) -> str:
    code = answer.strip().upper()
    known = rule_files()
    if code not in known:
        raise ValueError(f"there are no rules for “{code}”; there are rules for {', '.join(known)}")
    return code


def _role(answer: str) -> str:
    role = answer.strip().lower()
    held = [each.value for each in Role if each.is_held]
    if role not in held:
        raise ValueError(f"a role is one of {', '.join(held)}")
    return role


def _state_system(answer: str) -> str:
    name = answer.strip().lower()
    if name not in {METRC, MANUAL, NONE_YET}:
        raise ValueError(
            f"write {METRC}, or {MANUAL} where people read the state's page and type what it shows, or {NONE_YET};"
            " another is named in the settings file afterwards, and its keys entered by pcc-desk keys"
        )
    return name


def _key(answer: str) -> str:
    kept = answer.strip()
    if not kept:
        raise ValueError("the key is empty; it is shown once, where the state system issues keys")
    if not (kept.isascii() and kept.isprintable()) or " " in kept or len(kept) > 500:
        raise ValueError("a key is one word of plain letters, digits and signs; copy it anew")
    return kept


def _password(answer: str) -> str:
    if not answer or len(answer) > 500 or not answer.isprintable():
        raise ValueError("a password is one line of at most 500 characters")
    return answer


def _folder(answer: str) -> str:
    if not answer.strip():
        return ""
    folder = Path(answer.strip()).expanduser()
    if not folder.is_absolute():
        raise ValueError("write the whole path of the folder, from the root")
    if not folder.is_dir():
        raise ValueError(f"there is no folder {folder}; make it, or leave this empty and name it later")
    return str(folder)


def _secret(answer: str) -> str:
    if len(unicodedata.normalize("NFKC", answer)) < SHORTEST_PASSPHRASE:
        raise ValueError(f"a passphrase has at least {SHORTEST_PASSPHRASE} characters; take a few words")
    return answer


def _pos(answer: str) -> str:
    name = answer.strip().lower()
    if name not in {*POINTS_OF_SALE, NO_POS}:
        known = ", ".join(POINTS_OF_SALE)
        raise ValueError(f"write one of {known}, or {NO_POS}; another is named in the settings file afterwards")
    return name


def _option(answer: str) -> str:
    return _words(answer) if answer.strip() else ""


def _number(answer: str) -> str:
    kept = answer.strip()
    if not (kept.isascii() and kept.isdigit() and len(kept) < 12):
        raise ValueError("that is no number; it stands in the address of its pages there")
    return kept


def _secret_of_pos(key: str, words: str) -> "Question":
    return _of_pos(key, f"{words} (not shown)", _key, is_secret=True)


def _of_pos(
    key: str, words: str, judge: Callable[[str], str], *, is_secret: bool = False, proposal: str | None = None
) -> "Question":
    """Return a question that is asked with some points of sale."""
    adapters = adapters_of(key)

    def is_asked(answers: Answers) -> bool:
        return answers.get("pos") in adapters

    return Question(key, words, judge, is_secret, proposal, is_asked, " or ".join(adapters))


def _has_metrc(answers: Answers) -> bool:
    return answers.get("state_system") == METRC


def _has_page(answers: Answers) -> bool:
    return answers.get("state_system") == MANUAL


QUESTIONS = (
    Question("shop_name", "Name of the shop", _words),
    Question("licence", "Licence number, as the state writes it", _words),
    Question("jurisdiction", "Jurisdiction, by its code", _jurisdiction),
    Question("zone", "Time zone of the shop, such as America/Detroit", known_zone),
    Question("person_name", "Your name", _words),
    Question("role", "Your role", _role, proposal=Role.MANAGER),
    Question("passphrase", "Passphrase, at least 15 characters (not shown)", _secret, is_secret=True),
    Question("state_system", f"State system: {METRC}, or {MANUAL}: read by people", _state_system, proposal=MANUAL),
    Question("state_page", "Page or monitor where people read a card", _words, False, STATE_PAGE, _has_page, MANUAL),
    Question("state_url", "Address of the state system", safe_address, is_asked=_has_metrc, goes_with=METRC),
    Question("vendor_key", "Vendor key (not shown)", _key, is_secret=True, is_asked=_has_metrc, goes_with=METRC),
    Question("user_key", "User key (not shown)", _key, is_secret=True, is_asked=_has_metrc, goes_with=METRC),
    Question("pos", f"Point of sale: {REPORTS} (its reports), or {APIS}, or {NO_POS}", _pos, proposal=REPORTS),
    Question(
        "pos_folder",
        "Folder of the POS's reports (empty: none yet)",
        _folder,
        proposal="",
        is_asked=lambda answers: answers.get("pos") == REPORTS,
        goes_with=REPORTS,
    ),
    _of_pos("pos_company", "The company's number there", _number),
    _of_pos("pos_location", "The location there, by its number or name (empty: the only one)", _option, proposal=""),
    _secret_of_pos("pos_location_key", "Location key"),
    _secret_of_pos("pos_client_id", "Client id"),
    _secret_of_pos("pos_key", "Key"),
    _secret_of_pos("pos_client_secret", "Client secret"),
    _secret_of_pos("pos_username", "User, one that may read only"),
    _of_pos("pos_password", "That user's password (not shown)", _password, is_secret=True),
    _of_pos("pos_tag_field", "Field of an item that holds the tag (empty: not known)", _option, proposal=""),
)


def parse_answers(content: bytes) -> Answers:
    """Return judged answers from the text of one JSON object. Raises `AnswersRefused`.

    A question with a proposal may be left out. The words of a secret are never repeated.
    """
    try:
        given = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise AnswersRefused("The answers are not one JSON object. Write them as in pcc-desk setup --help.") from error
    if not isinstance(given, dict):
        raise AnswersRefused("The answers are JSON, but no object. Write them as in pcc-desk setup --help.")
    known = {question.key for question in QUESTIONS}
    complaints = [f"“{key}” is no question" for key in sorted(given.keys() - known)]
    answers: dict[str, str] = {}
    for question in QUESTIONS:
        if question.is_asked(answers):
            _take(question, given, answers, complaints)
        elif question.key in given:
            complaints.append(f"“{question.key}” has no place without {question.goes_with}")
    if complaints:
        raise AnswersRefused(f"Nothing was set up: {'; '.join(complaints)}.")
    return answers


def _take(question: Question, given: dict[str, object], answers: dict[str, str], complaints: list[str]) -> None:
    answer = given.get(question.key, question.proposal)
    if answer is None:
        complaints.append(f"“{question.key}” is missing")
    elif not isinstance(answer, str):
        complaints.append(f"“{question.key}” is not text")
    else:
        try:
            answers[question.key] = question.judge(answer)
        except ValueError as error:
            complaints.append(f"“{question.key}”: {str(error).rstrip('.')}")
