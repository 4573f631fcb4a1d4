"""The shop that is broken: the practice shop's people and past under a known key, and a state system in memory.

Everything that a person's secret protects is somewhere else; here it is the store alone that is looked at.
"""

import asyncio
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from uuid6 import uuid7

from pcc_desk.desk.absent import NoPointOfSale, NoStateSystem
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.ports import Store
from pcc_desk.domain.dispensing import Dispensation, NotPosted, Posted
from pcc_desk.domain.people import Person
from pcc_desk.domain.registry import RegistryStanding, RegistryWindow
from pcc_desk.domain.rules import Rules
from pcc_desk.practice import furnish
from pcc_desk.rulebook import rules_for, rules_text
from pcc_desk.shipped import data_folder
from pcc_desk.simulator.day import Acknowledging, DayLived, live
from pcc_desk.simulator.training import TrainingShop, load_training
from pcc_desk.store.engine import STORE_FILE, EncryptedStore
from pcc_desk.store.vault import Opened, Owner

KEY, SALT = bytes(range(32)), bytes(range(100, 116))

LEAVE = (
    RegistryWindow(Decimal(1), (("flower", Decimal("2.5")),)),
    RegistryWindow(Decimal(30), (("flower", Decimal(10)),)),
)


@lru_cache
def training() -> TrainingShop:
    """Return the practice shop on today's calendar."""
    return load_training(data_folder() / "training", datetime.now(UTC))


@lru_cache(maxsize=64)
def rules_on(day: date, order_began: date | None = None) -> Rules:
    """Return Michigan's rules."""
    return rules_for("MI", day, order_began=order_began)


class InstantState(NoStateSystem):
    """A state system that answers at once, in memory, and knows every card."""

    name = "METRC"

    async def ping(self) -> str:  # type: ignore[override]
        """Answer."""
        return "Lakeshore Wellness"

    async def standing(self, card_number: str) -> RegistryStanding:  # type: ignore[override]
        """Return that all is left."""
        return RegistryStanding(card_number, True, LEAVE)

    async def post(self, dispensation: Dispensation) -> Posted:  # type: ignore[override]
        """Take it."""
        return Posted(f"R{dispensation.id.int % 10**9}")

    async def find_posted(self, external_number: str) -> NotPosted:  # type: ignore[override]
        """Return that it is not there."""
        return NotPosted()


def _ana() -> Person:
    return training().people[0]


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)


def opened() -> Opened:
    """Return what a vault hands out, without the work of opening one."""
    return Opened(bytearray(KEY), SALT, Owner(_ana().id, _ana().name))


def open_store(folder: Path) -> EncryptedStore:
    """Open, or make, the store of a folder."""
    return EncryptedStore.make(folder, opened())


def make_template(folder: Path) -> Path:
    """Make the store with its six weeks of history once, to be copied; return its file."""
    store = open_store(folder)
    try:
        store.write_now(furnish, training(), datetime.now(UTC))
    finally:
        store.close()
    return folder / STORE_FILE


def put_template(template: Path, folder: Path) -> None:
    """Put a fresh copy of the template into a folder, in place of what was there."""
    for each in folder.glob(f"{STORE_FILE}*"):
        each.unlink()
    shutil.copyfile(template, folder / STORE_FILE)
    (folder / STORE_FILE).chmod(0o600)


def desk_over(store: Store) -> Desk:
    """Return an open desk."""
    shop = training()
    return Desk(
        store=store,
        state=InstantState(),
        pos=NoPointOfSale(),
        clock=SystemClock(),
        shop=shop.shop,
        person=shop.people[0],
        rules_on=rules_on,
        text_of=rules_text,
        new_id=uuid7,
        fresh_for=timedelta(minutes=30),
    )


def a_day(store: Store, seed: int, count: int, say: Callable[[UUID], None]) -> DayLived:
    """Live visits over a store, saying the id of each act once it is durable."""
    return asyncio.run(live(desk_over(Acknowledging(store, say)), seed, count))


def load_everything() -> None:
    """Load what a worker needs before it is forked, so that a killed one cost little."""
    rules_on(training().shop.day(datetime.now(UTC)))
    rules_text(rules_on(training().shop.day(datetime.now(UTC))))
