"""What is loaded behind the first screen, while the passphrase is typed."""

import json
import subprocess
import sys
from pathlib import Path

from pcc_desk.setup.making import set_up
from pcc_desk.setup.questions import parse_answers
from pcc_desk.store.vault import Cost

PASSPHRASE = "birch wood relief desk"
ANSWERS = {
    "shop_name": "Birchwood Relief",
    "licence": "PC-000911",
    "jurisdiction": "MI",
    "zone": "America/Detroit",
    "person_name": "Ida Larsen",
    "passphrase": PASSPHRASE,
    "state_system": "metrc",
    "state_url": "https://registry.example/",
    "vendor_key": "vendor-KEY-0417",
    "user_key": "user-KEY-2231",
}
OPEN = """
import asyncio, sys
from pathlib import Path
from pcc_desk.wiring import StoreDoor

async def opened():
    door = StoreDoor(Path(sys.argv[1]), "Birchwood Relief")
    await asyncio.to_thread(door.warm_up)
    loaded = set(sys.modules)
    desk = await door.open(sys.argv[2])
    print(desk.state.name, *(set(sys.modules) - loaded))
    await door.shut()

asyncio.run(opened())
"""


def test_once_the_passphrase_is_there_nothing_is_left_to_load(tmp_path: Path) -> None:
    set_up(tmp_path, parse_answers(json.dumps({**ANSWERS, "pos_folder": str(tmp_path)}).encode()), Cost())
    command = [sys.executable, "-c", OPEN, str(tmp_path), PASSPHRASE]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["METRC"]


def test_the_first_screen_loads_nothing_of_the_record() -> None:
    asked = "import sys, pcc_desk.app; print(*(each for each in sys.modules if each.startswith('pcc_desk.')))"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    heavy = (
        "pcc_desk.domain",
        "pcc_desk.store",
        "pcc_desk.settings",
        "pcc_desk.desk.ports",
        "pcc_desk.screens.door.session",
    )
    assert [each for each in loaded if each.startswith(heavy)] == []
