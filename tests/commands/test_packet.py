"""`pcc-desk packet`: the evidence of a day is checked without the desk."""

import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from pcc_desk.cli import desk
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.entries import StaffAdded
from pcc_desk.domain.reconciling.terms import COMPARISON
from pcc_desk.domain.sales import Kind, Pull, Sale, SoldLine
from pcc_desk.packets.reading import read_packet
from pcc_desk.packets.writing import packed
from tests.desk.counter import DREAM, OPENING, TODAY, Counter
from tests.desk.test_closing import NOOR, a_day_with_a_difference, closed, packet_of
from tests.fakes_outside import ZONE


@pytest.fixture
async def packet(tmp_path: Path) -> Path:
    counter = Counter()
    counter.put(StaffAdded(NOOR))
    await closed(counter, tmp_path)
    return tmp_path / "packets" / f"{TODAY}.zip"


def ran(*arguments: str) -> tuple[int, str]:
    outcome = CliRunner().invoke(desk, ["packet", "verify", *arguments])
    return outcome.exit_code, outcome.output


def changed(path: Path, name: str, content: bytes) -> Path:
    """Write a packet again with one file in another way."""
    with zipfile.ZipFile(path) as whole:
        contents = {each: whole.read(each) for each in whole.namelist()}
    other = path.with_name("changed.zip")
    with zipfile.ZipFile(other, "w") as out:
        for each, was in contents.items():
            out.writestr(each, content if each == name else was)
    return other


def test_a_sound_packet_ends_with_0_and_names_its_key(packet: Path) -> None:
    status, output = ran(str(packet))
    assert status == 0
    assert " ?   Whose key: not compared" in output
    assert "Sound. What is marked ? could not be told." in output
    assert read_packet(packet).fingerprint in output


def test_the_shops_own_fingerprint_is_compared(packet: Path) -> None:
    fingerprint = read_packet(packet).fingerprint
    status, output = ran(str(packet), "--key", fingerprint.lower())
    assert (status, output.splitlines()[-1]) == (0, "Sound.")
    status, output = ran(str(packet), "--key", "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF")
    assert status == 1
    assert "ANOTHER than the one that was given" in output


EVENING = timedelta(hours=10, minutes=2)
"""Before ten in the morning: two minutes before midnight."""


async def with_yesterday(home: Path, *before: Sale) -> Path:
    """Close a day with sales of the evening before at the till; return its packet."""
    counter = Counter()
    counter.put(StaffAdded(NOOR))
    told = counter.pos.sales

    async def with_more(day: date) -> Pull | Unanswered:
        pull = await told(day)
        return pull if isinstance(pull, Unanswered) else replace(pull, sales=(*before, *pull.sales))

    counter.pos.sales = with_more  # type: ignore[method-assign]
    await a_day_with_a_difference(counter)
    return await packet_of(counter, home)


def before_midnight(number: str, **other: object) -> Sale:
    at = OPENING.astimezone(ZONE) - EVENING
    line = SoldLine(DREAM.label, 1000, 1500)
    return replace(Sale(number, at, (line,)), **other)  # type: ignore[arg-type]


async def test_what_was_sold_around_the_day_and_played_no_part_is_not_in_its_packet(tmp_path: Path) -> None:
    packet = await with_yesterday(tmp_path, before_midnight("4390"))
    read = read_packet(packet)
    assert b"4390" not in read.documents["pos.jsonl"]
    assert (read.manifest["around"], read.manifest["of_day"]["pos.jsonl"]) == ([], 3)
    status, output = ran(str(packet))
    assert (status, "Sound." in output) == (0, True)


async def test_a_record_of_another_day_is_in_the_packet_with_why_and_none_may_be_put_in_or_taken_out(
    tmp_path: Path,
) -> None:
    back = before_midnight("4391", kind=Kind.RETURN, refers_to="4471")
    packet = await with_yesterday(tmp_path, back, before_midnight("4390"))
    (around,) = read_packet(packet).manifest["around"]
    assert (around["document"], around["number"]) == ("pos.jsonl", "4391")
    assert around["why"] == "it takes back or corrects sale 4471"
    assert ran(str(packet))[0] == 0
    sold = read_packet(packet).documents["pos.jsonl"]
    without = b"".join(each for each in sold.splitlines(keepends=True) if b'"4391"' not in each)
    assert "4391 of pos.jsonl is named and not there" in ran(str(changed(packet, "pos.jsonl", without)))[1]
    other = sold + next(each for each in sold.splitlines(keepends=True) if b'"4391"' in each).replace(b"4391", b"4392")
    assert "4392 of pos.jsonl is of another day, and not named" in ran(str(changed(packet, "pos.jsonl", other)))[1]


def test_a_changed_document_ends_with_1_and_is_named(packet: Path) -> None:
    status, output = ran(str(changed(packet, "findings.json", b"[]\n")))
    assert status == 1
    assert "findings.json was changed" in output
    assert "the last comparison found 1, 0 are told of" in output


def test_people_who_signed_for_something_else_are_told(packet: Path) -> None:
    signatures = json.loads(read_packet(packet).documents["signatures.json"])
    for each in signatures:
        each |= {"role": "coordinator", "by": "one", "signed_for": "other"}
    status, output = ran(str(changed(packet, "signatures.json", json.dumps(signatures).encode())))
    assert status == 1
    for words in ("not one of each role", "one person signed twice", "a signature is for something else"):
        assert words in output


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff", b"[" * 5000])
def test_a_document_of_any_shape_is_told_and_never_an_accident(packet: Path, content: bytes) -> None:
    status, output = ran(str(changed(packet, "signatures.json", content)))
    assert status == 1
    assert "NOT  Signatures of people" in output


def test_what_is_no_packet_ends_with_2(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("nothing of the kind")
    status, output = ran(str(path))
    assert (status, "cannot be checked" in output) == (2, True)


def test_programs_are_answered_in_json(packet: Path) -> None:
    status, output = ran(str(packet), "--json")
    told = json.loads(output)
    assert (status, told["sound"], told["day"]) == (0, True, str(TODAY))
    assert {each["what"]: each["is_fine"] for each in told["checks"]}.pop("Whose key") is None
    assert all(each["is_fine"] for each in told["checks"][1:])


def test_inputs_that_do_not_compare_as_the_packet_says_are_told(packet: Path) -> None:
    state = read_packet(packet).documents["state.jsonl"].splitlines(keepends=True)
    status, output = ran(str(changed(packet, "state.jsonl", b"".join(state[1:]))))
    assert status == 1
    assert "NOT_YET_VISIBLE 4471" in output
    assert "1 match, the comparison says 2" in output


def test_a_packet_is_held_to_what_was_known_beside_its_lists(packet: Path) -> None:
    terms = json.loads(read_packet(packet).documents["terms.json"])
    assert terms["is_exact"]
    terms["over_limit"] = {"4471": "0.01 oz over the limit"}
    _, output = ran(str(changed(packet, "terms.json", json.dumps(terms).encode())))
    assert "OVER_LIMIT 4471" in output
    _, output = ran(str(changed(packet, "terms.json", b"[]")))
    assert "NOT  Compared again from its own inputs: cannot be read" in output


def test_a_packet_of_another_comparison_is_not_called_changed_where_this_one_finds_otherwise(packet: Path) -> None:
    read = read_packet(packet)
    about = {name: each for name, each in read.manifest.items() if name not in {"files", "key"}}
    terms = json.loads(read.documents["terms.json"])
    assert terms["comparison"] == COMPARISON
    over = {**terms, "over_limit": {"4471": "0.01 oz over the limit"}}
    other = packet.with_name("other.zip")
    for its_own, mark, status in ((COMPARISON, "NOT", 1), (COMPARISON - 1, " ? ", 0)):
        documents = {**read.documents, "terms.json": json.dumps({**over, "comparison": its_own}).encode()}
        other.write_bytes(packed(about, documents, "11" * 32))
        ended, output = ran(str(other))
        assert (ended, f"{mark}  Compared again" in output, "OVER_LIMIT 4471" in output) == (status, True, True)


def test_a_packet_of_an_earlier_desk_is_held_to_what_its_inputs_tell(packet: Path) -> None:
    read = read_packet(packet)
    documents = {name: content for name, content in read.documents.items() if name != "terms.json"}
    about = {name: each for name, each in read.manifest.items() if name not in {"around", "of_day", "files", "key"}}
    older = packet.with_name("older.zip")
    older.write_bytes(packed(about, documents, "11" * 32))
    assert ran(str(older))[0] == 0
    state = b"".join(documents["state.jsonl"].splitlines(keepends=True)[1:])
    assert "MISSING_IN_STATE 4471 is not told of" in ran(str(changed(older, "state.jsonl", state)))[1]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("comparisons.json", b"[]"),
        (
            "state.jsonl",
            b'{"number": "1", "external_number": "", "sold_at": "0001-01-01T00:00:00+14:00", "lines": []}\n',
        ),
        ("findings.json", b'[{"gone_at": null, "stands": "explained", "key": "A", "decisions": []}]'),
    ],
)
def test_what_is_out_of_all_bounds_is_told(packet: Path, name: str, content: bytes) -> None:
    status, output = ran(str(changed(packet, name, content)))
    assert status == 1
    assert "NOT  What was found" in output or "NOT  Compared again" in output


def test_a_difference_that_nobody_decided_about_is_not_explained(packet: Path) -> None:
    findings = json.loads(read_packet(packet).documents["findings.json"])
    findings[0]["decisions"] = []
    _, output = ran(str(changed(packet, "findings.json", json.dumps(findings).encode())))
    assert "and nobody decided so" in output


def test_a_shop_whose_name_would_steer_a_terminal_is_shown_and_steers_nothing(tmp_path: Path) -> None:
    about = {"day": "2026-03-12", "shop": {"name": "\x1b]0;owned\x07Lake\u202eshore", "zone": "America"}}
    path = tmp_path / "hostile.zip"
    path.write_bytes(packed(about, {"signatures.json": b"[]"}, "11" * 32))
    status, output = ran(str(path))
    assert status == 1
    assert not {"\x1b", "\x07", "\u202e"} & set(output)
