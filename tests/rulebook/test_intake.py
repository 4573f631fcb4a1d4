"""The questions of an intake: every jurisdiction has them, each is cited where it is needed, and damage is named."""

import re
from datetime import date
from pathlib import Path

import pytest

from pcc_desk.domain.intake import FieldKind, missing, vague_points, wrong_with
from pcc_desk.domain.typed_people import card_doubt
from pcc_desk.rulebook import intake, rule_files, rules_for
from pcc_desk.rulebook.files import RuleFileError
from pcc_desk.rulebook.intake import intake_for
from pcc_desk.shipped import data_folder

OWN = sorted(path.stem[3:].upper() for path in (data_folder() / "intake").glob("us-*.toml"))


@pytest.mark.parametrize("code", sorted(rule_files()))
def test_every_jurisdiction_has_an_intake_with_each_key_once(code: str) -> None:
    rules = intake_for(code)
    keys = [each.key for each in rules.form.fields]
    assert len(keys) == len(set(keys)) >= 60
    for each in rules.form.fields:
        key, _, wanted = each.only_if.partition("=")
        assert not key or key in {*keys, "minor"}, each.key
        assert not key or wanted
        assert bool(each.choices) is (each.kind is FieldKind.CHOICE), each.key


@pytest.mark.parametrize("code", OWN)
def test_what_a_jurisdiction_asks_beside_is_cited_and_needed(code: str) -> None:
    ordinary = {each.key for each in intake_for("MI").form.fields}
    own = [each for each in intake_for(code).form.fields if each.key not in ordinary]
    assert all(each.source and each.required for each in own)
    assert own
    assert intake_for(code).form.version != intake_for("MI").form.version


def test_the_first_consultation_comes_last_everywhere() -> None:
    for code in ("MI", *OWN):
        assert intake_for(code).form.fields[-1].key == "consultation_time"


def test_a_required_question_without_an_answer_is_missing_and_blanks_are_none() -> None:
    form = intake_for("MI").form
    lacking = missing(form, {"language": " "})
    assert "language" in {each.key for each in lacking}
    assert "language" not in {each.key for each in missing(form, {"language": "Spanish"})}


def test_a_silent_certification_is_vague_on_each_of_three_points() -> None:
    assert vague_points({"cert_forms": "Not written", "cert_limits": "5 mg", "cert_frequency": "not written"}) == (
        "forms",
        "how often",
    )


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("id_good", "yes", "maybe"),
        ("contact_by", "letter", "pigeon"),
        ("symptom_pain", "10", "11"),
        ("phq9_1", "3", "4"),
        ("consultation_day", "2026-11-30", "2026-02-30"),
        ("consultation_day", "2026-11-26", "2026-11-25"),
        ("cert_expires", "2026-11-25", "2026-02-30"),
        ("consultation_time", "9:05", "25:00"),
        ("physician_npi", "1234567893", "1234567894"),
        ("physician_npi", "1234567893", "12345"),
        ("phone", "313-555-0100", "12"),
        ("email", "chi@example.org", "chi.example.org"),
        ("email", "Chi.Okafor+shop@mail.example.org", "chi@ example.org"),
        ("email", "c@e.org", "chi@example"),
        ("email", "chi@mail.example.org", "chi@okafor@example.org"),
        ("goal", "sleep", "sle\u202eep"),
    ],
)
def test_an_answer_that_cannot_be_is_a_sentence(key: str, good: str, bad: str) -> None:
    field = next(each for each in intake_for("MI").form.fields if each.key == key)
    today = date(2026, 11, 26)
    assert wrong_with(field, good, today) == wrong_with(field, "", today) == ""
    assert wrong_with(field, bad, today).endswith(".")


def test_a_card_of_another_shape_is_doubted_only_where_a_shape_is_known() -> None:
    shape = rules_for("SD", date(2026, 11, 26)).card_shape
    assert "Card numbers here are" in card_doubt("MI-P-0041", shape)
    assert card_doubt("AB12-CD34-EF", shape) == ""
    assert card_doubt("ABCDEFGHI1", shape) != ""
    assert card_doubt("MI-P-0041", rules_for("MI", date(2026, 11, 26)).card_shape) == ""


@pytest.mark.parametrize(
    ("of_file", "damage", "said"),
    [
        ("ordinary.toml", ('kind = "phone"', 'kind = "telegram"'), "“telegram” is no kind of answer"),
        ("ordinary.toml", ("required = true", "wanted = true"), "“wanted” is nothing that a question can say"),
        ("ordinary.toml", ("schema =", "schema"), "cannot be read"),
        ("us-pa.toml", ('"pa_certification_reviewed"', '"language"'), "the key “language” is there twice"),
    ],
)
def test_a_damaged_file_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of_file: str, damage: tuple[str, str], said: str
) -> None:
    folder = tmp_path / "intake"
    folder.mkdir()
    for each in (data_folder() / "intake").glob("*.toml"):
        text = each.read_text(encoding="utf-8")
        (folder / each.name).write_text(text.replace(*damage, 1) if each.name == of_file else text, encoding="utf-8")
    monkeypatch.setattr(intake, "data_folder", lambda: tmp_path)
    with pytest.raises(RuleFileError, match=re.escape(said)):
        intake_for("PA")
