"""The tables of the end of a day as SQLModel tables; what `store.tables` says of those holds here."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, Text
from sqlmodel import SQLModel

from pcc_desk.store.columns import CLUSTERED, column
from pcc_desk.store.types import HexUuid, UtcInstant


class FindingDecisionRow(SQLModel, table=True):
    """What somebody decided about a difference."""

    __tablename__ = "finding_decision"
    __table_args__ = CLUSTERED
    day: date = column(Date, key=True)
    at: datetime = column(UtcInstant, key=True)
    id: UUID = column(HexUuid, key=True)
    body: str = column(Text)


class DaySignatureRow(SQLModel, table=True):
    """A signature under a day."""

    __tablename__ = "day_signature"
    __table_args__ = CLUSTERED
    day: date = column(Date, key=True)
    at: datetime = column(UtcInstant, key=True)
    id: UUID = column(HexUuid, key=True)
    body: str = column(Text)


class DayPacketRow(SQLModel, table=True):
    """The evidence of a closed day that was written."""

    __tablename__ = "day_packet"
    __table_args__ = CLUSTERED
    day: date = column(Date, key=True)
    at: datetime = column(UtcInstant, key=True)
    id: UUID = column(HexUuid, key=True)
    file: str = column(Text)
    sha256: str = column(Text)
    digest: str = column(Text)


ALL: list[type[SQLModel]] = [FindingDecisionRow, DaySignatureRow, DayPacketRow]
