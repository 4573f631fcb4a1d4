"""A packet shows that it is whole, by whom it was signed, and what of it was changed."""

import json
import zipfile
from pathlib import Path

import pytest

from pcc_desk.packets.reading import NoPacket, read_packet
from pcc_desk.packets.report import Line, Style, drawn
from pcc_desk.packets.signing import fingerprint, is_same_fingerprint, is_signed, new_key, public_half, sign
from pcc_desk.packets.writing import MANIFEST, SIGNATURE, as_json, as_lines, packed

KEY = "11" * 32
DOCUMENTS = {"findings.json": as_json([]), "pos.jsonl": as_lines([{"number": "4471"}, {"number": "4472"}])}
ABOUT = {"day": "2026-11-23", "shop": {"name": "Lakeshore Wellness"}}


@pytest.fixture
def packet(tmp_path: Path) -> Path:
    path = tmp_path / "2026-11-23.zip"
    path.write_bytes(packed(ABOUT, DOCUMENTS, KEY))
    return path


def rewritten(path: Path, **changed: bytes | None) -> Path:
    """Write a packet again with some files in another way, as somebody who has no key can."""
    with zipfile.ZipFile(path) as whole:
        contents: dict[str, bytes | None] = {name: whole.read(name) for name in whole.namelist()}
    contents |= {name.replace("__", "."): content for name, content in changed.items()}
    other = path.with_name("other.zip")
    with zipfile.ZipFile(other, "w") as out:
        for name, content in contents.items():
            if content is not None:
                out.writestr(name, content)
    return other


def test_a_packet_is_whole_and_signed(packet: Path) -> None:
    read = read_packet(packet)
    assert read.is_signed
    assert read.documents == DOCUMENTS
    assert (read.changed, read.missing, read.added) == ((), (), ())
    assert read.manifest["day"] == "2026-11-23"
    assert read.fingerprint == fingerprint(public_half(KEY))


def test_the_same_contents_make_the_same_bytes() -> None:
    assert packed(ABOUT, DOCUMENTS, KEY) == packed(ABOUT, dict(reversed(DOCUMENTS.items())), KEY)


def test_a_changed_document_is_told_by_its_name(packet: Path) -> None:
    read = read_packet(rewritten(packet, findings__json=b"[1]\n"))
    assert (read.changed, read.is_signed) == (("findings.json",), True)


def test_what_is_taken_out_and_put_in_is_told(packet: Path) -> None:
    read = read_packet(rewritten(packet, findings__json=None, more__txt=b"hello"))
    assert (read.missing, read.added) == (("findings.json",), ("more.txt",))


def test_a_changed_manifest_is_not_signed(packet: Path) -> None:
    with zipfile.ZipFile(packet) as whole:
        manifest = json.loads(whole.read(MANIFEST))
    manifest["day"] = "2026-11-24"
    assert not read_packet(rewritten(packet, manifest__json=as_json(manifest))).is_signed


def test_a_manifest_signed_by_somebody_else_bears_another_fingerprint(packet: Path) -> None:
    other = packet.with_name("forged.zip")
    other.write_bytes(packed(ABOUT, DOCUMENTS, "22" * 32))
    forged = read_packet(other)
    assert forged.is_signed
    assert not is_same_fingerprint(forged.fingerprint, read_packet(packet).fingerprint)


@pytest.mark.parametrize("kept", [0, 10, 100, -30, -1])
def test_a_packet_that_was_cut_is_none(packet: Path, kept: int) -> None:
    packet.write_bytes(packet.read_bytes()[:kept])
    with pytest.raises(NoPacket):
        read_packet(packet)


def test_every_flipped_bit_is_noticed(packet: Path) -> None:
    whole, sound = packet.read_bytes(), read_packet(packet)
    for at in range(0, len(whole), 7):
        packet.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        try:
            read = read_packet(packet)
        except NoPacket:
            continue
        is_the_same = read.documents == sound.documents and read.manifest == sound.manifest and read.is_signed
        assert is_the_same or read.changed or read.missing or read.added or not read.is_signed, at


@pytest.mark.parametrize(
    "manifest",
    [b"", b"[]", b"{}", b"\xff", b'{"format": 2}', b'{"format": 1, "files": [], "key": "00"}',
     b'{"format": 1, "files": {"a": 3}, "key": "00"}', b'{"format": 1, "files": {}, "key": "xyz"}',
     b"[" * 100_000],
)  # fmt: skip
def test_a_manifest_that_is_none_is_refused(packet: Path, manifest: bytes) -> None:
    with pytest.raises(NoPacket):
        read_packet(rewritten(packet, manifest__json=manifest))


def test_a_zip_without_a_manifest_is_no_packet(packet: Path) -> None:
    with pytest.raises(NoPacket, match="no manifest"):
        read_packet(rewritten(packet, manifest__json=None))


def test_a_file_that_is_there_twice_is_refused(packet: Path) -> None:
    with zipfile.ZipFile(packet, "a") as whole, pytest.warns(UserWarning, match="Duplicate"):
        whole.writestr("findings.json", b"[2]")
    with pytest.raises(NoPacket, match="twice"):
        read_packet(packet)


def test_a_file_that_unpacks_to_more_than_it_may_is_refused(packet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pcc_desk.packets.reading.LARGEST", 4000)
    with pytest.raises(NoPacket, match="larger"):
        read_packet(rewritten(packet, findings__json=b"0" * 5000))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoPacket, match="cannot be read"):
        read_packet(tmp_path / "nothing.zip")


def test_a_document_cannot_take_the_place_of_the_manifest() -> None:
    with pytest.raises(ValueError, match="manifest"):
        packed(ABOUT, {SIGNATURE: b""}, KEY)


def test_a_signature_is_one_keys_under_one_text() -> None:
    key = new_key()
    public, signature = public_half(key), sign(key, b"day")
    assert is_signed(public, signature, b"day")
    assert not is_signed(public, signature, b"night")
    assert not is_signed(public_half(new_key()), signature, b"day")
    assert not is_signed("no key", signature, b"day")
    assert not is_signed(public, "no signature", b"day")


def test_fingerprints_are_compared_however_they_are_written() -> None:
    shown = fingerprint(public_half(KEY))
    assert is_same_fingerprint(shown, shown.lower().replace("-", " "))
    assert len(shown.split("-")) == 6


def test_a_report_is_a_pdf_and_the_same_each_time() -> None:
    lines = [Line("Monday 23 November", Style.TITLE), *[Line(f"line {each} " + "word " * 60) for each in range(80)]]
    report = drawn("A day", lines, "Lakeshore Wellness")
    assert report.startswith(b"%PDF-")
    assert report.count(b"/Type /Page\n") > 1
    assert drawn("A day", lines, "Lakeshore Wellness") == report


def test_a_report_takes_any_text() -> None:
    hostile = "Ana \x1b[31m \u202e עברית 日本 \U0001f600 " + "x" * 500
    assert drawn(hostile, [Line(hostile), Line(""), Line(hostile, Style.SMALL, 300.0)], hostile).startswith(b"%PDF-")
