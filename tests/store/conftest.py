"""Every test of the store gets one of its own, in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pcc_desk.desk.ports import Ledger
from pcc_desk.store.engine import EncryptedStore
from tests.fakes import FakeLedger
from tests.store.stores import ledger_of, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EncryptedStore]:
    """Return an encrypted store with nothing in it."""
    store = open_store(tmp_path)
    yield store
    store.close()


@pytest.fixture(params=["in memory", "encrypted"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    """Return an empty ledger: the one that tests of the desk rest on, then the one of an encrypted store."""
    if request.param == "in memory":
        yield FakeLedger()
        return
    store = open_store(tmp_path)
    yield ledger_of(store)
    store.close()
