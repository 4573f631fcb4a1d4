"""Setting a shop up by answering questions in a terminal."""

from pathlib import Path

from pcc_desk.settings import load_settings
from pcc_desk.store.vault import Opened, owners, unlock
from tests.conversation import Conversation

PASSPHRASE = "birch wood relief desk"
USER_KEY = "user-KEY-2231"


TALK = (
    ("Name of the shop", "   "),
    ("Something must be written here.", None),
    ("Name of the shop", "Birchwood Relief"),
    ("Licence number", "PC-000911"),
    ("MI  Michigan", None),
    ("Jurisdiction", "ZZ"),
    ("There are no rules for “ZZ”", "MI"),
    ("Time zone", "Detroit"),
    ("“Detroit” is no time zone", "America/Detroit"),
    ("Your name", "Ida Larsen"),
    ("Your role [manager]", ""),
    ("Passphrase", "too short"),
    ("A passphrase has at least 15 characters", None),
    ("Passphrase", PASSPHRASE),
    ("The same again", "something else it is"),
    ("The two differ", None),
    ("Passphrase", PASSPHRASE),
    ("The same again", PASSPHRASE),
    ("State system", "metrc"),
    ("Address", "http://registry.example"),
    ("must begin with https://", "https://registry.example"),
    ("Vendor key", "vendor-KEY-0417"),
    ("User key", USER_KEY),
    ("Point of sale", "square"),
    ("Write one of csv, dutchie, flowhub, cova, or none", None),
    ("Point of sale", ""),
    ("Folder of the POS's reports", ""),
    ("The shop is set up", None),
)
"""What is heard and what is typed then."""


def test_each_question_is_asked_until_its_answer_is_right(home: Path) -> None:
    with Conversation(home, "setup") as talk:
        for heard, typed in TALK:
            talk.hear(heard)
            if typed is not None:
                talk.say(typed)
        assert talk.end() == 0
        assert PASSPHRASE not in talk.said
        assert USER_KEY not in talk.said
    assert load_settings(home).shop.name == "Birchwood Relief"
    assert isinstance(unlock(home, PASSPHRASE), Opened)
    assert [person.name for person in owners(home)] == ["Ida Larsen"]


def test_stopping_half_way_makes_nothing(home: Path) -> None:
    with Conversation(home, "setup") as talk:
        talk.hear("Name of the shop")
        talk.say("Birchwood Relief")
        talk.hear("Licence number")
        talk.interrupt()
        assert talk.end() == 1
        assert "Stopped." in talk.said
        assert "Traceback" not in talk.said
    assert list(home.parent.iterdir()) == []


def test_opening_a_desk_without_a_shop_begins_with_setting_it_up(home: Path) -> None:
    with Conversation(home) as talk:
        talk.hear(f"No shop is set up in {home} yet.")
        talk.hear("Name of the shop")
        talk.interrupt()
        assert talk.end() == 1
    assert not home.exists()


def test_a_folder_that_is_taken_is_told_before_the_first_question(home: Path) -> None:
    home.mkdir()
    (home / "holiday.txt").write_text("sea", encoding="utf-8")
    with Conversation(home, "setup") as talk:
        assert talk.end() == 1
        assert "holds something else" in talk.said
        assert "Name of the shop" not in talk.said
