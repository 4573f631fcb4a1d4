"""The table of what is kept of points of sale as an SQLModel table; what `store.tables` says of those holds here."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import SQLModel

from pcc_desk.store.columns import CLUSTERED, column
from pcc_desk.store.types import HexUuid, UtcInstant


class PosColumnsRow(SQLModel, table=True):
    """What somebody said the columns of a kind of report mean."""

    __tablename__ = "pos_columns"
    __table_args__ = CLUSTERED
    header: str = column(Text, key=True)
    at: datetime = column(UtcInstant)
    by_person: UUID = column(HexUuid)
    body: str = column(Text)


ALL: list[type[SQLModel]] = [PosColumnsRow]
