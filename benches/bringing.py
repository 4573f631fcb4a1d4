"""How soon patients are brought along from a table, by the command as a shop does that begins with the desk."""

import subprocess
import sys
import time
from pathlib import Path

from benches.crowd import Crowd
from benches.figures import Row
from benches.shop import ANSWERS, PASSPHRASE
from pcc_desk.setup.making import set_up
from pcc_desk.setup.questions import parse_answers

BROUGHT = 5_000


def import_row(folder: Path) -> Row:
    """Bring patients along from a table by the command, as a shop does that begins with the desk."""
    home, table = folder / "brought", folder / "brought.csv"
    set_up(home, parse_answers(ANSWERS.encode()))
    titles = "Last Name,First Name,Date of Birth,Phone,Card Number,Card Expires"
    people = (
        f"{each.family_name},{each.given_name},{each.born},{each.phone},MI-P-{number:07},2027-06-30"
        for number, each in enumerate(Crowd(BROUGHT).patients())
    )
    table.write_text("\n".join((titles, *people)) + "\n", encoding="utf-8")
    command = [str(Path(sys.executable).parent / "pcc-desk"), "--home", str(home), "patients", "import", str(table)]
    before = time.perf_counter()
    command += ["--yes", "--anyway", "--passphrase-fd", "0"]
    done = subprocess.run(command, input=f"{PASSPHRASE}\n".encode(), capture_output=True, check=False)
    took = time.perf_counter() - before
    if f"{BROUGHT} brought along" not in done.stdout.decode():
        raise RuntimeError(done.stderr.decode())
    behind = f"{BROUGHT / took:,.0f} rows a second, the whole command {took:.1f} s"
    return Row("patients brought along, per 1,000 rows", took / BROUGHT * 1000, 2, "s", behind)
