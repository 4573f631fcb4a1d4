"""The simulated outside world, run from the command line."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from base64 import b64encode
from pathlib import Path

import pytest

from pcc_desk.cli import FINE, main


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
