"""`pcc-desk backup`, `prove` and `restore`, from the command line to its exit status."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pcc_desk.cli import main
from tests.store.shops import IDA, PASSPHRASE, KeptShop, make_shop

pytestmark = pytest.mark.usefixtures("quick_secrets")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[KeptShop]:
    made = make_shop(tmp_path / "desk")
    made.store.close()
    yield made
    made.store.close()


def descriptor(secret: str) -> str:
    """Return a descriptor from which a secret can be read."""
    reading, writing = os.pipe()
    os.write(writing, secret.encode())
    os.close(writing)
    return str(reading)


def run(home: Path, *words: str, secret: str = PASSPHRASE, by: str = "--passphrase-fd") -> int:
    return main(["--home", str(home), *words, by, descriptor(secret)])


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_a_copy_is_made_proved_and_restored_elsewhere_without_a_screen(
    shop: KeptShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(shop.home, "backup", "--as", IDA.name, "--json") == 0
    made = told(capsys)
    assert made["proved"] is True
    assert made["second"] == {"state": "not set", "why": ""}
    assert run(shop.home, "prove", "--json") == 0
    assert told(capsys) == {"copy": made["copy"], "made_at": made["made_at"], "proved": True, "why": ""}
    shutil.copytree(shop.folder.path, tmp_path / "stick")
    bare = tmp_path / "bare"
    words = ("restore", "newest", "--from", str(tmp_path / "stick"), "--home", str(bare), "--json")
    assert run(tmp_path / "unused", *words, secret=shop.code, by="--recovery-fd") == 0
    done = told(capsys)
    assert (done["copy"], done["entries"], done["lost_entries"]) == (made["copy"], made["entries"], None)
    assert (bare / "settings.toml").exists()
    assert run(bare, "prove") == 1, "the restored shop has no copies of its own yet"
    assert "There is no copy yet" in capsys.readouterr().err


def test_a_wrong_code_ends_with_five_and_a_sentence(
    shop: KeptShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(shop.home, "backup")
    words = ("restore", "newest", "--from", str(shop.folder.path), "--home", str(tmp_path / "bare"))
    capsys.readouterr()
    assert run(tmp_path, *words, secret="ABCD", by="--recovery-fd") == 5
    assert "A recovery code has 36 letters and digits; this one has 4." in capsys.readouterr().err
    assert not (tmp_path / "bare").exists()


def test_a_copy_that_is_not_good_ends_with_one(shop: KeptShop, capsys: pytest.CaptureFixture[str]) -> None:
    run(shop.home, "backup")
    path = next(shop.folder.path.glob("*.db"))
    content = bytearray(path.read_bytes())
    content[5000] ^= 8
    path.write_bytes(content)
    capsys.readouterr()
    assert run(shop.home, "prove") == 1
    assert "not good. The copy is not as it was when it was made" in capsys.readouterr().out
    assert run(shop.home, "restore", path.name, secret=shop.code, by="--recovery-fd") == 5
    assert "Nothing was changed. Take another copy." in capsys.readouterr().err


def test_an_open_desk_ends_with_three(shop: KeptShop, capsys: pytest.CaptureFixture[str]) -> None:
    run(shop.home, "backup")
    shop.open_again()
    assert run(shop.home, "backup") == 3
    assert run(shop.home, "restore", "newest", secret=shop.code, by="--recovery-fd") == 3


def test_a_second_folder_that_is_not_there_ends_with_one_and_the_first_copy_is_made(
    shop: KeptShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = shop.home / "settings.toml"
    settings.write_text(f'backup_folder = "{tmp_path / "stick"}"\n{settings.read_text()}')
    assert run(shop.home, "backup") == 1
    assert "No second copy:" in capsys.readouterr().out
    (tmp_path / "stick").mkdir()
    assert run(shop.home, "backup") == 0
    assert "The second folder has it too." in capsys.readouterr().out
    shutil.rmtree(shop.folder.path)
    assert run(shop.home, "restore", "newest", secret=shop.code, by="--recovery-fd") == 0, "it is found by itself"
    out = capsys.readouterr().out
    assert "every one of them checked" in out
    assert "3 entries came after that copy" in out


def test_where_there_is_no_copy_that_is_said(shop: KeptShop, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(shop.home, "restore", "newest", secret=shop.code, by="--recovery-fd") == 1
    assert "There is no whole copy in" in capsys.readouterr().err
