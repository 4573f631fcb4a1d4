"""The tables about people as SQLModel tables; what `store.tables` says of those holds here."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, Index, Integer, Text, text
from sqlmodel import SQLModel

from pcc_desk.store.columns import CLUSTERED, column, maybe
from pcc_desk.store.types import HexUuid, UtcInstant


class FormerNameRow(SQLModel, table=True):
    """What a patient was called once."""

    __tablename__ = "former_name"
    __table_args__ = (
        Index("former_name_by_family", "family_key", "given_key"),
        Index("former_name_by_given", "given_key", "family_key"),
        CLUSTERED,
    )
    patient_id: UUID = column(HexUuid, key=True)
    until: datetime = column(UtcInstant, key=True)
    id: UUID = column(HexUuid, key=True)
    family_name: str = column(Text)
    given_name: str = column(Text)
    family_key: str = column(Text)
    given_key: str = column(Text)
    born: date = column(Date)
    why: str = column(Text)


class PatientPhoneRow(SQLModel, table=True):
    """By which digits a patient's telephone is found."""

    __tablename__ = "patient_phone"
    __table_args__ = (Index("patient_phone_by_key", "phone_key"), CLUSTERED)
    patient_id: UUID = column(HexUuid, key=True)
    phone_key: str = column(Text)


class PatientStatusRow(SQLModel, table=True):
    """How a patient stands with the shop; one without a row is active."""

    __tablename__ = "patient_status"
    __table_args__ = CLUSTERED
    patient_id: UUID = column(HexUuid, key=True)
    status: str = column(Text)
    since: datetime = column(UtcInstant)
    why: str = column(Text)


class PatientDetailsRow(SQLModel, table=True):
    """What is known of a patient beyond names and card."""

    __tablename__ = "patient_details"
    __table_args__ = CLUSTERED
    patient_id: UUID = column(HexUuid, key=True)
    body: str = column(Text)


class MergedRow(SQLModel, table=True):
    """A record that is of the same person as another."""

    __tablename__ = "merged"
    __table_args__ = (Index("merged_by_kept", "kept_id"), CLUSTERED)
    merged_id: UUID = column(HexUuid, key=True)
    kept_id: UUID = column(HexUuid)
    at: datetime = column(UtcInstant)
    by_person: UUID = column(HexUuid)
    why: str = column(Text)


class PartedRow(SQLModel, table=True):
    """From when to when a record was taken for the same person's as another."""

    __tablename__ = "parted"
    __table_args__ = (Index("parted_by_kept", "kept_id"), CLUSTERED)
    merged_id: UUID = column(HexUuid, key=True)
    kept_id: UUID = column(HexUuid, key=True)
    since: datetime = column(UtcInstant, key=True)
    until: datetime = column(UtcInstant)


class CaregiverRow(SQLModel, table=True):
    """A caregiver."""

    __tablename__ = "caregiver"
    __table_args__ = (Index("caregiver_by_card", "card_key"), Index("caregiver_by_name", "name_key"), CLUSTERED)
    id: UUID = column(HexUuid, key=True)
    card_key: str = column(Text)
    name_key: str = column(Text)
    patient_id: UUID | None = maybe(HexUuid)
    body: str = column(Text)


class CareLinkRow(SQLModel, table=True):
    """For whom a caregiver may buy, and how long."""

    __tablename__ = "care_link"
    __table_args__ = (Index("care_link_by_caregiver", "caregiver_id", "patient_id"), CLUSTERED)
    patient_id: UUID = column(HexUuid, key=True)
    caregiver_id: UUID = column(HexUuid, key=True)
    starts: date = column(Date)
    ends: date | None = maybe(Date)
    is_guardian: int = column(Integer)


class PhysicianRow(SQLModel, table=True):
    """A physician."""

    __tablename__ = "physician"
    __table_args__ = (Index("physician_by_name", "name_key"), CLUSTERED)
    id: UUID = column(HexUuid, key=True)
    name_key: str = column(Text)
    npi: str = column(Text)
    body: str = column(Text)


class ConsentRow(SQLModel, table=True):
    """What a patient agreed to, or did not."""

    __tablename__ = "consent"
    __table_args__ = CLUSTERED
    patient_id: UUID = column(HexUuid, key=True)
    day: date = column(Date, key=True)
    id: UUID = column(HexUuid, key=True)
    purpose: str = column(Text)
    version: str = column(Text)
    is_given: int = column(Integer)
    by_whom: str = column(Text)
    withdrawn_on: date | None = maybe(Date)
    withdrawn_why: str = column(Text)


class IntakeRow(SQLModel, table=True):
    """The intake of a patient."""

    __tablename__ = "intake"
    __table_args__ = CLUSTERED
    patient_id: UUID = column(HexUuid, key=True)
    id: UUID = column(HexUuid, key=True)
    form: str = column(Text)
    begun_at: datetime = column(UtcInstant)
    state: str = column(Text)
    last_field: str = column(Text)
    scores: str = column(Text)
    alarms: str = column(Text)


class IntakeAnswerRow(SQLModel, table=True):
    """What was answered to one question of an intake, last."""

    __tablename__ = "intake_answer"
    __table_args__ = CLUSTERED
    patient_id: UUID = column(HexUuid, key=True)
    intake_id: UUID = column(HexUuid, key=True)
    field: str = column(Text, key=True)
    answer: str = column(Text)
    by_person: UUID = column(HexUuid)
    at: datetime = column(UtcInstant)


class StandingAlarmRow(SQLModel, table=True):
    """What has to be done at once for a patient; gone once a note is signed under the same record."""

    __tablename__ = "standing_alarm"
    __table_args__ = CLUSTERED
    patient_id: UUID = column(HexUuid, key=True)
    at: datetime = column(UtcInstant, key=True)
    id: UUID = column(HexUuid, key=True)
    words: str = column(Text)


class AlarmSeenRow(SQLModel, table=True):
    """That somebody saw what has to be done at once for a patient, and what was done."""

    __tablename__ = "alarm_seen"
    __table_args__ = CLUSTERED
    patient_id: UUID = column(HexUuid, key=True)
    at: datetime = column(UtcInstant, key=True)
    id: UUID = column(HexUuid, key=True)
    by_person: UUID = column(HexUuid)
    words: str = column(Text)
    alarms: str = column(Text)


class AlarmEndedRow(SQLModel, table=True):
    """Under which other record of the person a note was signed that ended it, as long as both are one person's."""

    __tablename__ = "alarm_ended"
    __table_args__ = CLUSTERED
    patient_id: UUID = column(HexUuid, key=True)
    id: UUID = column(HexUuid, key=True)
    noted_under: UUID = column(HexUuid, key=True)


class RecordRequestRow(SQLModel, table=True):
    """A patient's request about their record."""

    __tablename__ = "record_request"
    __table_args__ = (
        Index("record_request_open", "made_on", "id", sqlite_where=text("outcome IS NULL")),
        CLUSTERED,
    )
    patient_id: UUID = column(HexUuid, key=True)
    id: UUID = column(HexUuid, key=True)
    kind: str = column(Text)
    made_on: date = column(Date)
    words: str = column(Text)
    is_extended: int = column(Integer)
    outcome: str | None = maybe(Text)
    settled_words: str = column(Text)


ALL: list[type[SQLModel]] = [
    FormerNameRow,
    PatientPhoneRow,
    PatientStatusRow,
    PatientDetailsRow,
    MergedRow,
    PartedRow,
    CaregiverRow,
    CareLinkRow,
    PhysicianRow,
    ConsentRow,
    IntakeRow,
    IntakeAnswerRow,
    StandingAlarmRow,
    AlarmSeenRow,
    AlarmEndedRow,
    RecordRequestRow,
]
