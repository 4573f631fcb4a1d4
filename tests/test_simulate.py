"""The simulated outside world, run from the command line."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from pcc_desk.cli import FINE, REFUSED, main


def status_of_facilities(ready: dict[str, str]) -> int:
    keys = b64encode(f"{ready['vendor_key']}:{ready['user_key']}".encode()).decode()
    request = urllib.request.Request(  # noqa: S310 - the address is the simulator's own
        f"{ready['base_url']}/facilities/v2", headers={"Authorization": f"Basic {keys}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_the_simulated_registry_is_taken_away_and_brought_back(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = [sys.executable, "-m", "pcc_desk", "--home", str(home)]
    command = [*desk, "simulate", "metrc", "--port", "0", "--with-parent"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as simulator:
        assert simulator.stdin is not None
        assert simulator.stdout is not None
        ready = json.loads(simulator.stdout.readline())
        assert status_of_facilities(ready) == 200
        for mode, status in (("down", 503), ("up", 200)):
            assert main(["simulate", "tell", mode, "--at", ready["control_url"]]) == FINE
            assert f"is {mode}." in capsys.readouterr().out
            assert status_of_facilities(ready) == status
        simulator.stdin.close()
        assert simulator.wait(timeout=30) == 0
    assert {path.name for path in home.iterdir()} == {"simulator"}


def test_the_help_of_the_simulators_reads_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--help"]) == FINE
    assert "..." not in capsys.readouterr().out.split("Commands:")[1], "nothing is cut off"
    with pytest.raises(SystemExit):
        main(["simulate", "metrc", "--help"])
    assert capsys.readouterr().out.startswith("usage: pcc-desk simulate metrc|biotrack|leafdata [options]\n")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Callable[..., dict[str, Any]]]:
    """Start the command as anybody would, and end it by its own process."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> dict[str, Any]:
        for process in started:
            end(process)
        command = [sys.executable, "-m", "pcc_desk", "simulate", *arguments, "--with-parent"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        ready: dict[str, Any] = json.loads(process.stdout.readline())
        return ready

    yield run
    for process in started:
        end(process)


def end(process: "subprocess.Popen[str]") -> None:
    if process.stdin is not None and not process.stdin.closed:
        process.stdin.close()
    process.wait(timeout=30)
    if process.stdout is not None:
        process.stdout.close()


@pytest.mark.parametrize("system", ["metrc", "biotrack", "leafdata"])
def test_the_line_that_says_ready_is_all_that_a_client_needs(
    system: str, running: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    ready = running(system, "--ledger", str(tmp_path / "ledger.jsonl"))
    assert ready["system"] == system
    assert ready["base_url"].startswith("http://127.0.0.1:")
    assert ready["credentials"]
    assert ready["licence"]
    assert Path(ready["ledger"]).read_text(encoding="utf-8") == ""
    for numbers in ("patients", "caregivers", "packages"):
        assert ready[numbers], numbers
    assert all(each["label"] and each["unit"] for each in ready["packages"])
    with urllib.request.urlopen(f"{ready['control_url']}/scenario", timeout=20) as answer:  # noqa: S310
        assert json.load(answer)["faults"] == []
    assert {path.name for path in tmp_path.iterdir()} == {"ledger.jsonl"}, "without a home nothing is kept"


def test_what_was_accepted_is_there_after_a_restart_and_gone_when_it_begins_anew(
    running: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    where = ["--home", str(tmp_path / "state"), "--ledger", str(tmp_path / "ledger.jsonl")]
    ready = running("metrc", *where)
    label = ready["packages"][0]
    line = {"PackageLabel": label["label"], "Quantity": 1, "UnitOfMeasure": label["unit"], "TotalAmount": 10.0}
    sale = {
        "SalesDateTime": "2026-03-12T13:00:00.000",
        "ExternalReceiptNumber": "PCC-1",
        "SalesCustomerType": "Patient",
        "PatientLicenseNumber": ready["patients"][0],
        "Transactions": [line],
    }
    assert httpx.post(f"{ready['base_url']}/sales/v2/receipts", json=[sale], **asking(ready)).status_code == 200
    for more, status in (([], 200), (["--fresh"], 404)):
        ready = running("metrc", *where, *more)
        found = httpx.get(f"{ready['base_url']}/sales/v2/receipts/external/PCC-1", **asking(ready))
        assert found.status_code == status
    (note,) = (tmp_path / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(note)["external"] == "PCC-1"


def asking(ready: dict[str, Any]) -> dict[str, Any]:
    return {
        "auth": (ready["vendor_key"], ready["user_key"]),
        "params": {"licenseNumber": ready["licence"]},
        "timeout": 20,
    }


def test_after_a_restart_the_same_keys_open_the_same_world(
    running: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    first, second = [running("metrc", "--home", str(tmp_path)) for _ in range(2)]
    assert first["credentials"] == second["credentials"]
    assert first["packages"] == second["packages"]


def test_a_scenario_that_cannot_be_used_ends_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = tmp_path / "bad.toml"
    scenario.write_text('[[fault]]\ndoes = "explode"\n', encoding="utf-8")
    for arguments in (["--scenario", str(scenario)], ["--scenario", str(tmp_path / "none.toml")], ["--port", "99999"]):
        assert main(["simulate", "metrc", *arguments]) == REFUSED
        assert capsys.readouterr().err.strip().endswith(".")
