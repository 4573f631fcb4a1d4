"""The settings file: what a shop decides once."""

import stat
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.reconciling.terms import Hours
from pcc_desk.home import SETTINGS_FILE, FirstLook, first_look, write_private
from pcc_desk.settings import (
    PosSettings,
    Settings,
    SettingsMissing,
    SettingsWrong,
    ShopSettings,
    StateSystemSettings,
    load_settings,
    save_settings,
)

SHOP = """[shop]
name = "Birchwood Relief"
licence = "PC-000911"
jurisdiction = "MI"
zone = "America/Detroit"
"""


def a_shop() -> ShopSettings:
    return ShopSettings(name="Birchwood Relief", licence="PC-000911", jurisdiction="MI", zone="America/Detroit")


def whole() -> Settings:
    return Settings(
        shop=a_shop(),
        state_system=StateSystemSettings(
            adapter="metrc", name="METRC", base_url="https://registry.example", categories={"Buds": "flower"}
        ),
        pos=PosSettings(adapter="csv", name="POS export", folder="/srv/exports"),
        theme="pcc-light",
        verification_minutes=10,
    )


def written(home: Path, text: str) -> Path:
    home.mkdir()
    (home / SETTINGS_FILE).write_text(text, encoding="utf-8")
    return home


def refusal(home: Path) -> str:
    with pytest.raises(SettingsWrong) as caught:
        load_settings(home)
    return str(caught.value)


@pytest.mark.parametrize("settings", [whole(), Settings(shop=a_shop())])
def test_what_was_saved_is_what_is_read(home: Path, settings: Settings) -> None:
    home.mkdir()
    save_settings(home, settings)
    assert load_settings(home) == settings


def test_only_the_owner_can_read_the_settings_whatever_the_umask(home: Path) -> None:
    home.mkdir()
    save_settings(home, whole())
    assert stat.S_IMODE((home / SETTINGS_FILE).stat().st_mode) == 0o600


def test_saving_anew_leaves_no_second_file(home: Path) -> None:
    home.mkdir()
    save_settings(home, whole())
    save_settings(home, Settings(shop=a_shop()))
    assert [path.name for path in home.iterdir()] == [SETTINGS_FILE]
    assert load_settings(home).state_system is None


def test_a_save_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "settings.toml"
    target.mkdir()  # a file cannot take the place of a folder
    (target / "kept").touch()
    with pytest.raises(OSError, match=r"settings\.toml"):
        write_private(target, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["settings.toml"]
    assert (target / "kept").exists()


def test_without_a_file_the_coordinator_is_told_to_set_the_shop_up(home: Path) -> None:
    with pytest.raises(SettingsMissing, match=r"Run pcc-desk setup\.$"):
        load_settings(home)


def test_what_is_left_out_has_the_house_s_usual_value(home: Path) -> None:
    settings = load_settings(written(home, SHOP))
    assert (settings.verification_minutes, settings.look_every_seconds) == (30, 15)
    assert (settings.shop.counter, settings.theme, settings.practice) == ("counter-1", "pcc-dark", False)
    assert settings.pos is None


@pytest.mark.parametrize(
    ("text", "place", "complaint"),
    [
        (SHOP.replace("America/Detroit", "Detroit"), "line 5, shop.zone", "no time zone"),
        (SHOP.replace('"MI"', '"michigan"'), "line 4, shop.jurisdiction", "should match pattern"),
        (SHOP.replace('name = "Birchwood Relief"\n', ""), "line 1, shop.name", "is missing"),
        ("verify_minutes = 5\n" + SHOP, "line 1, verify_minutes", "not a setting of this version"),
        ('verification_minutes = "5"\n' + SHOP, "line 1, verification_minutes", "valid integer"),
        ("verification_minutes = 0\n" + SHOP, "line 1, verification_minutes", "greater than or equal to 1"),
        ('theme = "pink"\n' + SHOP, "line 1, theme", "'pcc-dark' or 'pcc-light'"),
        ("", "shop", "is missing"),
        (SHOP + '[pos]\nadapter = "csv"\nname = "POS"\nfolder = "/a\\u0007"\n', "line 9, pos.folder", "pattern"),
    ],
)
def test_a_wrong_setting_is_named_with_its_line(home: Path, text: str, place: str, complaint: str) -> None:
    said = refusal(written(home, text))
    assert f"{SETTINGS_FILE}, {place}: " in said
    assert complaint in said


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("http://registry.example", "must begin with https://"),
        ("ftp://registry.example", "no web address"),
        ("registry.example", "no web address"),
        ("https://", "no web address"),
        ("https://registry.example:99999", "no web address"),
        ("https://key:word@registry.example", "keys do not belong in it"),
        ("https://registry.example/?key=1", "keys do not belong in it"),
    ],
)
def test_an_address_that_would_give_something_away_is_refused(home: Path, address: str, complaint: str) -> None:
    text = f'{SHOP}[state_system]\nadapter = "metrc"\nname = "METRC"\nbase_url = "{address}"\n'
    said = refusal(written(home, text))
    assert "line 9, state_system.base_url: " in said
    assert complaint in said


@pytest.mark.parametrize("address", ["http://127.0.0.1:8123/", "http://localhost:80", "http://[::1]:80"])
def test_an_address_on_this_computer_needs_no_encryption(address: str) -> None:
    system = StateSystemSettings(adapter="metrc", name="METRC", base_url=address)
    assert system.base_url == address.rstrip("/")


def test_an_adapter_is_given_text_only() -> None:
    settings = whole()
    assert settings.state_system is not None
    assert settings.pos is not None
    assert settings.state_system.connection() == {
        "name": "METRC",
        "base_url": "https://registry.example",
        "categories": '{"Buds": "flower"}',
    }
    assert settings.pos.connection() == {"name": "POS export", "folder": "/srv/exports"}


def test_what_else_an_adapter_takes_is_handed_on_and_overrules_nothing() -> None:
    options = {"version": "1", "name": "Another", "base_url": "http://registry.example"}
    system = StateSystemSettings(adapter="metrc", name="METRC", base_url="https://registry.example", options=options)
    assert system.connection() == {"version": "1", "name": "METRC", "base_url": "https://registry.example"}


@pytest.mark.parametrize("content", [b"shop = [", b"\xff\xfe", b"[shop\n", b"a = 1\na = 2\n"])
def test_a_file_that_is_no_settings_file_is_a_sentence(home: Path, content: bytes) -> None:
    home.mkdir()
    (home / SETTINGS_FILE).write_bytes(content)
    assert refusal(home).endswith("Mend that place.")


@given(content=st.text(max_size=200))
def test_no_text_whatever_is_a_raw_fault(content: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("any")
    (home / SETTINGS_FILE).write_bytes(content.encode("utf-8", "surrogatepass"))
    with pytest.raises(SettingsWrong):
        load_settings(home)


def test_the_first_look_says_what_the_settings_say(home: Path) -> None:
    home.mkdir()
    save_settings(home, whole())
    assert first_look(home) == FirstLook("Birchwood Relief", "pcc-light", is_practice=False)
    save_settings(home, Settings(shop=a_shop(), practice=True))
    assert first_look(home) == FirstLook("Birchwood Relief", "pcc-dark", is_practice=True)


@pytest.mark.parametrize(
    "text", ["", "[shop]", "shop = 3", "[shop]\nname = 3", 'theme = "pink"\n' + SHOP, "practice = 1\n" + SHOP, "["]
)
def test_the_first_look_tells_nothing_when_it_cannot(home: Path, text: str) -> None:
    assert first_look(home) is None
    assert first_look(written(home, text)) is None


LEGAL = {
    "monday": "09:00-21:00",
    "tuesday": "09:00-24:00",
    "wednesday": "10:00-02:00",
    "thursday": "09:00-21:00",
    "friday": "09:00-21:00",
    "saturday": "09:00-21:00",
    "sunday": "closed",
}


def legal(hours: dict[str, str]) -> str:
    return SHOP + "[legal_hours]\n" + "".join(f'{day} = "{each}"\n' for day, each in hours.items())


def test_legal_hours_are_those_of_each_day_and_nobody_says_any_that_are_left_out(home: Path) -> None:
    set_up = load_settings(written(home, legal(LEGAL)))
    assert set_up.legal_hours is not None
    hours = set_up.legal_hours.hours()
    assert hours[0] == Hours(time(9), time(21))
    assert (hours[1], hours[6]) == (Hours(time(9), time.max), None)
    assert hours[2] is not None and hours[2].is_past_midnight  # noqa: PT018
    (home / SETTINGS_FILE).write_text(SHOP, encoding="utf-8")
    assert load_settings(home).legal_hours is None


@pytest.mark.parametrize("wrong", ["9-21", "09:00-25:00", "24:00-09:00", "open"])
def test_legal_hours_that_nobody_can_read_and_a_day_that_is_left_out_are_refused(home: Path, wrong: str) -> None:
    assert "legal_hours.friday" in refusal(written(home, legal(LEGAL | {"friday": wrong})))
    without = {day: each for day, each in LEGAL.items() if day != "sunday"}
    (home / SETTINGS_FILE).write_text(legal(without), encoding="utf-8")
    assert "legal_hours.sunday: is missing" in refusal(home)


@pytest.mark.parametrize("wrong", ["00:00-00:00", "09:00-09:00"])
def test_legal_hours_that_end_as_they_begin_are_refused_with_how_the_whole_day_is_written(
    home: Path, wrong: str
) -> None:
    said = f"legal_hours.friday: “{wrong}” ends as it begins; write 00:00-24:00 for the whole day, or closed"
    assert said in refusal(written(home, legal(LEGAL | {"friday": wrong})))
    (home / SETTINGS_FILE).write_text(legal(LEGAL | {"friday": "00:00-24:00"}), encoding="utf-8")
    set_up = load_settings(home)
    assert set_up.legal_hours is not None
    assert set_up.legal_hours.hours()[4] == Hours(time(), time.max)
