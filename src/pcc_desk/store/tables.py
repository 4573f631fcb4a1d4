"""The shape of the store as SQLModel tables. They hold no rule: a table class does not validate.

The migrations say the same in SQL, and a test holds the two against each other. Portable from the start: quantities are
whole thousandths, naive instants are refused, what is sealed is text. Imported when a rare form needs it, never before
the first frame.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

from pcc_desk.store import tables_closing, tables_people, tables_pos
from pcc_desk.store.columns import CLUSTERED
from pcc_desk.store.columns import column as _column
from pcc_desk.store.columns import maybe as _maybe
from pcc_desk.store.columns import whole as _whole
from pcc_desk.store.types import HexUuid, UtcInstant

SHOWN = ("family_name", "given_name", "card_number", "card_expires")
"""What the list of who is found shows beside the birth date: the indexes hold it."""

LINGERING = "state NOT IN ('expected', 'done', 'left', 'no show', 'cancelled')"
"""Visits that are neither over nor still to come."""


class JournalRow(SQLModel, table=True):
    """One sealed entry."""

    __tablename__ = "journal"
    __table_args__ = (Index("journal_id", "id", unique=True),)
    seq: int = _column(Integer, key=True)
    id: UUID = _column(HexUuid)
    at: datetime = _column(UtcInstant)
    by_person: UUID = _column(HexUuid)
    counter: str = _column(Text)
    name: str = _column(Text)
    version: int = _column(Integer)
    body: str = _column(Text)
    mac: bytes = _column(LargeBinary)


class CredentialRow(SQLModel, table=True):
    """A key for a system outside. In no journal."""

    __tablename__ = "credential"
    __table_args__ = CLUSTERED
    system: str = _column(Text, key=True)
    name: str = _column(Text, key=True)
    value: str = _column(Text)


class ShopRow(SQLModel, table=True):
    """The shop, as one counter knows it."""

    __tablename__ = "shop"
    __table_args__ = CLUSTERED
    counter: str = _column(Text, key=True)
    name: str = _column(Text)
    licence: str = _column(Text)
    jurisdiction: str = _column(Text)
    zone: str = _column(Text)


class StaffRow(SQLModel, table=True):
    """A member of staff."""

    __tablename__ = "staff"
    __table_args__ = CLUSTERED
    id: UUID = _column(HexUuid, key=True)
    name: str = _column(Text)
    role: str = _column(Text)


class StaffLeftRow(SQLModel, table=True):
    """Somebody who is no longer on the staff."""

    __tablename__ = "staff_left"
    __table_args__ = CLUSTERED
    id: UUID = _column(HexUuid, key=True)
    left_at: datetime = _column(UtcInstant)


class VaultMarkRow(SQLModel, table=True):
    """How far a file of the vault came. In no journal."""

    __tablename__ = "vault_mark"
    __table_args__ = CLUSTERED
    name: str = _column(Text, key=True)
    value: int = _column(Integer)


class JournalGenerationRow(SQLModel, table=True):
    """The key that sealed a part of the journal, enciphered. In no journal."""

    __tablename__ = "journal_generation"
    __table_args__ = CLUSTERED
    under: int = _column(Integer, key=True)
    generation: int = _column(Integer, key=True)
    first_seq: int = _column(Integer)
    wrapped: str = _column(Text)


class PatientRow(SQLModel, table=True):
    """A patient, with names as they are searched."""

    __tablename__ = "patient"
    __table_args__ = (
        Index("patient_by_family", "family_key", "given_key", "id", "born", *SHOWN),
        Index("patient_by_given", "given_key", "family_key", "id", "born", *SHOWN),
        Index("patient_by_birth", "born", "family_key", "given_key", "id", *SHOWN),
        Index(
            "patient_by_certification",
            "certification_expires",
            "id",
            sqlite_where=text("certification_expires IS NOT NULL"),
        ),
        CLUSTERED,
    )
    id: UUID = _column(HexUuid, key=True)
    family_name: str = _column(Text)
    given_name: str = _column(Text)
    family_key: str = _column(Text)
    given_key: str = _column(Text)
    born: date = _column(Date)
    phone: str = _column(Text)
    certification_expires: date | None = _maybe(Date)
    certified_by: str = _column(Text)
    remarks: str = _column(Text)
    card_number: str | None = _maybe(Text)
    card_expires: date | None = _maybe(Date)


class CardRow(SQLModel, table=True):
    """A card through which a patient is served."""

    __tablename__ = "card"
    __table_args__ = (
        Index("card_by_number", "number_key", "patient_id"),
        Index("card_by_expiry", "expires_on", "patient_id", sqlite_where=text("renewed_as = ''")),
        CLUSTERED,
    )
    patient_id: UUID = _column(HexUuid, key=True)
    number_key: str = _column(Text, key=True)
    number: str = _column(Text)
    holder: str = _column(Text)
    holder_name: str = _column(Text)
    expires_on: date = _column(Date)
    renewed_as: str = _column(Text)


class VisitRow(SQLModel, table=True):
    """One appearance in the queue."""

    __tablename__ = "visit"
    __table_args__ = (
        Index("visit_by_day", "day", "patient_id"),
        Index("visit_by_id", "id", unique=True),
        Index("visit_lingering", "day", "patient_id", sqlite_where=text(LINGERING)),
        Index("visit_by_origin", "origin", sqlite_where=text("origin <> ''")),
        CLUSTERED,
    )
    patient_id: UUID = _column(HexUuid, key=True)
    id: UUID = _column(HexUuid, key=True)
    day: date = _column(Date)
    state: str = _column(Text)
    reason: str = _column(Text)
    appointment_at: datetime | None = _maybe(UtcInstant)
    arrived_at: datetime | None = _maybe(UtcInstant)
    through: str = _column(Text)
    served_by: UUID | None = _maybe(HexUuid)
    minutes: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default=text("0")))
    link: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=text("''")))
    origin: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=text("''")))


class MorningCheckRow(SQLModel, table=True):
    """That somebody did the check before the shop opened."""

    __tablename__ = "morning_check"
    __table_args__ = CLUSTERED
    day: date = _column(Date, key=True)
    at: datetime = _column(UtcInstant, key=True)
    id: UUID = _column(HexUuid, key=True)
    by_person: UUID = _column(HexUuid)


class MorningMissedRow(SQLModel, table=True):
    """That somebody said why nobody did the check of a morning."""

    __tablename__ = "morning_missed"
    __table_args__ = CLUSTERED
    day: date = _column(Date, key=True)
    at: datetime = _column(UtcInstant, key=True)
    id: UUID = _column(HexUuid, key=True)
    by_person: UUID = _column(HexUuid)
    why: str = _column(Text)


class VerificationRow(SQLModel, table=True):
    """What the registry said, or that it said nothing."""

    __tablename__ = "verification"
    __table_args__ = CLUSTERED
    patient_id: UUID = _column(HexUuid, key=True)
    asked_at: datetime = _column(UtcInstant, key=True)
    id: UUID = _column(HexUuid, key=True)
    visit_id: UUID | None = _maybe(HexUuid)
    card_number: str = _column(Text)
    system: str = _column(Text)
    remark: str = _column(Text)
    body: str = _column(Text)


class NoteRow(SQLModel, table=True):
    """A signed consultation note."""

    __tablename__ = "note"
    __table_args__ = CLUSTERED
    patient_id: UUID = _column(HexUuid, key=True)
    signed_at: datetime = _column(UtcInstant, key=True)
    id: UUID = _column(HexUuid, key=True)
    visit_id: UUID = _column(HexUuid)
    verification_id: UUID = _column(HexUuid)
    signed_by: UUID = _column(HexUuid)
    text: str = _column(Text)


class DraftRow(SQLModel, table=True):
    """Words not signed yet."""

    __tablename__ = "draft"
    __table_args__ = CLUSTERED
    visit_id: UUID = _column(HexUuid, key=True)
    person_id: UUID = _column(HexUuid, key=True)
    text: str = _column(Text)
    kept_at: datetime = _column(UtcInstant)


class FormDraftRow(SQLModel, table=True):
    """What was typed in a form and not saved yet."""

    __tablename__ = "form_draft"
    __table_args__ = CLUSTERED
    person_id: UUID = _column(HexUuid, key=True)
    form: str = _column(Text, key=True)
    about: UUID = _column(HexUuid, key=True)
    content: str = _column(Text)
    kept_at: datetime = _column(UtcInstant)


class DispensationRow(SQLModel, table=True):
    """What was handed over, and how far it is on its way into the state's record."""

    __tablename__ = "dispensation"
    __table_args__ = (
        _whole("attempts", "lookups_missed"),
        Index("dispensation_by_id", "id", unique=True),
        Index("dispensation_by_number", "external_number", unique=True),
        Index("dispensation_unposted", "next_try_at", "at", sqlite_where=text("posting <> 'accepted'")),
        Index("dispensation_by_posting", "posted_at"),
        Index("dispensation_by_receipt", "receipt"),
        Index("dispensation_by_day", "day"),
        CLUSTERED,
    )
    patient_id: UUID = _column(HexUuid, key=True)
    at: datetime = _column(UtcInstant, key=True)
    id: UUID = _column(HexUuid, key=True)
    day: date = _column(Date)
    visit_id: UUID | None = _maybe(HexUuid)
    by_person: UUID = _column(HexUuid)
    card_number: str = _column(Text)
    caregiver_card: str = _column(Text)
    external_number: str = _column(Text)
    outage: str = _column(Text)
    summary: str = _column(Text)
    verification_id: UUID = _column(HexUuid)
    posting: str = _column(Text)
    attempts: int = _column(Integer)
    lookups_missed: int = _column(Integer)
    next_try_at: datetime = _column(UtcInstant)
    receipt: str = _column(Text)
    posted_at: datetime | None = _maybe(UtcInstant)
    why: str = _column(Text)
    trouble: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=text("''")))
    entered_by: UUID | None = _maybe(HexUuid)


class DispensedLineRow(SQLModel, table=True):
    """One line of a dispensation, as the limits count it."""

    __tablename__ = "dispensed_line"
    __table_args__ = (
        _whole("milli", "price_cents"),
        Index("dispensed_line_by_label", "label", "patient_id"),
        CLUSTERED,
    )
    patient_id: UUID = _column(HexUuid, key=True)
    day: date = _column(Date, key=True)
    dispensation_id: UUID = _column(HexUuid, key=True)
    line: int = _column(Integer, key=True)
    label: str = _column(Text)
    product: str = _column(Text)
    category: str = _column(Text)
    milli: int = _column(Integer)
    unit: str = _column(Text)
    net_mg: int | None = _maybe(Integer)
    volume_ul: int | None = _maybe(Integer)
    thc_ug: int | None = _maybe(Integer)
    count_milli: int = _column(Integer)
    price_cents: int = _column(Integer)


class AmendmentRow(SQLModel, table=True):
    """A correction or a void of a dispensation, and how far it is on its way into the state's record."""

    __tablename__ = "amendment"
    __table_args__ = (
        _whole("attempts", "lookups_missed"),
        Index("amendment_by_id", "id", unique=True),
        Index("amendment_by_dispensation", "dispensation_id", "at"),
        Index("amendment_unposted", "next_try_at", "at", sqlite_where=text("posting <> 'accepted'")),
        Index("amendment_by_posting", "posted_at"),
        CLUSTERED,
    )
    patient_id: UUID = _column(HexUuid, key=True)
    at: datetime = _column(UtcInstant, key=True)
    id: UUID = _column(HexUuid, key=True)
    dispensation_id: UUID = _column(HexUuid)
    kind: str = _column(Text)
    by_person: UUID = _column(HexUuid)
    reason: str = _column(Text)
    summary: str = _column(Text)
    posting: str = _column(Text)
    attempts: int = _column(Integer)
    lookups_missed: int = _column(Integer)
    next_try_at: datetime = _column(UtcInstant)
    receipt: str = _column(Text)
    posted_at: datetime | None = _maybe(UtcInstant)
    why: str = _column(Text)
    trouble: str = _column(Text)
    entered_by: UUID | None = _maybe(HexUuid)


class AmendedLineRow(SQLModel, table=True):
    """One line of what was really handed over, by a correction."""

    __tablename__ = "amended_line"
    __table_args__ = (_whole("milli", "price_cents"), CLUSTERED)
    patient_id: UUID = _column(HexUuid, key=True)
    amendment_id: UUID = _column(HexUuid, key=True)
    line: int = _column(Integer, key=True)
    label: str = _column(Text)
    product: str = _column(Text)
    category: str = _column(Text)
    milli: int = _column(Integer)
    unit: str = _column(Text)
    net_mg: int | None = _maybe(Integer)
    volume_ul: int | None = _maybe(Integer)
    thc_ug: int | None = _maybe(Integer)
    count_milli: int = _column(Integer)
    price_cents: int = _column(Integer)


class PackageRow(SQLModel, table=True):
    """A package as it was last read."""

    __tablename__ = "package"
    __table_args__ = (_whole("milli"), CLUSTERED)
    label: str = _column(Text, key=True)
    product: str = _column(Text)
    product_key: str = _column(Text)
    category: str = _column(Text)
    milli: int = _column(Integer)
    unit: str = _column(Text)
    unit_net_mg: int | None = _maybe(Integer)
    unit_volume_ul: int | None = _maybe(Integer)
    unit_thc_ug: int | None = _maybe(Integer)
    blocked: str = _column(Text)
    expires_on: date | None = _maybe(Date)
    unit_price_cents: int | None = _maybe(Integer)
    read_at: datetime = _column(UtcInstant)


class DayComparisonRow(SQLModel, table=True):
    """The outcome of comparing a day."""

    __tablename__ = "day_comparison"
    __table_args__ = CLUSTERED
    day: date = _column(Date, key=True)
    compared_at: datetime = _column(UtcInstant, key=True)
    id: UUID = _column(HexUuid, key=True)
    body: str = _column(Text)


class EntitlementRow(SQLModel, table=True):
    """What is particular to a patient. `cohorts` is a list of names as JSON."""

    __tablename__ = "entitlement"
    __table_args__ = CLUSTERED
    patient_id: UUID = _column(HexUuid, key=True)
    cohorts: str = _column(Text)
    anchor: date | None = _maybe(Date)
    order_began: date | None = _maybe(Date)


class SetAmountRow(SQLModel, table=True):
    """An amount that a paper sets for a patient. `amount` is a decimal as text; None: the limit does not bind."""

    __tablename__ = "set_amount"
    __table_args__ = (_whole("is_waiver"), CLUSTERED)
    patient_id: UUID = _column(HexUuid, key=True)
    limit_id: str = _column(Text, key=True)
    is_waiver: int = _column(Integer, key=True)
    starts: date = _column(Date, key=True)
    ends: date = _column(Date)
    amount: str | None = _maybe(Text)
    paper: str = _column(Text)


class RulesRow(SQLModel, table=True):
    """Rules that came into use at this shop."""

    __tablename__ = "rules"
    __table_args__ = CLUSTERED
    fingerprint: str = _column(Text, key=True)
    jurisdiction: str = _column(Text)
    ruleset: str = _column(Text)
    text: str = _column(Text)
    taken_up_at: datetime = _column(UtcInstant)


class RulesKnownRow(SQLModel, table=True):
    """The rules that a person knew last."""

    __tablename__ = "rules_known"
    __table_args__ = CLUSTERED
    person_id: UUID = _column(HexUuid, key=True)
    fingerprint: str = _column(Text)
    known_at: datetime = _column(UtcInstant)


class RulesConfirmedRow(SQLModel, table=True):
    """Rules that the shop answers for."""

    __tablename__ = "rules_confirmed"
    __table_args__ = CLUSTERED
    fingerprint: str = _column(Text, key=True)
    by_person: UUID = _column(HexUuid)
    confirmed_at: datetime = _column(UtcInstant)
    remark: str = _column(Text)


class HoldRow(SQLModel, table=True):
    """What is set aside for a visit."""

    __tablename__ = "hold"
    __table_args__ = (_whole("is_open"), CLUSTERED)
    patient_id: UUID = _column(HexUuid, key=True)
    day: date = _column(Date, key=True)
    visit_id: UUID = _column(HexUuid, key=True)
    id: UUID = _column(HexUuid)
    is_open: int = _column(Integer)


class HeldAmountRow(SQLModel, table=True):
    """What is set aside of one limit, and what was drawn of it: exact fractions as text."""

    __tablename__ = "held_amount"
    __table_args__ = CLUSTERED
    patient_id: UUID = _column(HexUuid, key=True)
    hold_id: UUID = _column(HexUuid, key=True)
    limit_id: str = _column(Text, key=True)
    amount: str = _column(Text)
    used: str = _column(Text)


class OutageRow(SQLModel, table=True):
    """A time during which a state system was out of reach."""

    __tablename__ = "outage"
    __table_args__ = (
        Index("outage_by_since", "since", "id"),
        Index("outage_open", "system", "since", "id", sqlite_where=text("ended_at IS NULL")),
        CLUSTERED,
    )
    id: UUID = _column(HexUuid, key=True)
    system: str = _column(Text)
    since: datetime = _column(UtcInstant)
    ended_at: datetime | None = _maybe(UtcInstant)
    body: str = _column(Text)


class OutageNoteRow(SQLModel, table=True):
    """What was written down of an outage."""

    __tablename__ = "outage_note"
    __table_args__ = CLUSTERED
    outage_id: UUID = _column(HexUuid, key=True)
    at: datetime = _column(UtcInstant, key=True)
    id: UUID = _column(HexUuid, key=True)
    by_person: UUID = _column(HexUuid)
    kind: str = _column(Text)
    text: str = _column(Text)


class OutageSaleRow(SQLModel, table=True):
    """That something was dispensed under an outage, and on which announced exception it rests."""

    __tablename__ = "outage_sale"
    __table_args__ = CLUSTERED
    outage_id: UUID = _column(HexUuid, key=True)
    at: datetime = _column(UtcInstant, key=True)
    dispensation_id: UUID = _column(HexUuid, key=True)
    exception_id: UUID | None = _maybe(HexUuid)


class OutageReviewRow(SQLModel, table=True):
    """How the sales of an outage were judged again."""

    __tablename__ = "outage_review"
    __table_args__ = CLUSTERED
    outage_id: UUID = _column(HexUuid, key=True)
    at: datetime = _column(UtcInstant, key=True)
    id: UUID = _column(HexUuid, key=True)
    body: str = _column(Text)


class AnnouncedExceptionRow(SQLModel, table=True):
    """That the agency lets sales go on for a time."""

    __tablename__ = "announced_exception"
    __table_args__ = (Index("announced_exception_by_end", "ends"), CLUSTERED)
    id: UUID = _column(HexUuid, key=True)
    ends: datetime = _column(UtcInstant)
    announced_at: datetime = _column(UtcInstant)
    withdrawn_at: datetime | None = _maybe(UtcInstant)
    body: str = _column(Text)


class EventRow(SQLModel, table=True):
    """What an entry of the journal tells of who did what to whom. `changed` are names of fields, by commas."""

    __tablename__ = "event"
    __table_args__ = (
        Index("event_by_time", "at"),
        Index("event_by_person", "by_person", "at"),
        Index("event_by_act", "act", "at"),
        Index("event_by_patient", "patient_id", "at", sqlite_where=text("patient_id IS NOT NULL")),
    )
    seq: int = _column(Integer, key=True)
    at: datetime = _column(UtcInstant)
    by_person: UUID = _column(HexUuid)
    act: str = _column(Text)
    patient_id: UUID | None = _maybe(HexUuid)
    outcome: str = _column(Text)
    changed: str = _column(Text)


class ReviewRow(SQLModel, table=True):
    """That somebody answers for having reviewed the entries from `first` to `last`."""

    __tablename__ = "review"
    last: int = _column(Integer, key=True)
    first: int = _column(Integer)
    id: UUID = _column(HexUuid)
    since: datetime = _column(UtcInstant)
    until: datetime = _column(UtcInstant)
    anomalies: int = _column(Integer)
    digest: str = _column(Text)
    meaning: str = _column(Text)
    by_person: UUID = _column(HexUuid)
    signed_at: datetime = _column(UtcInstant)


class DisclosureRow(SQLModel, table=True):
    """What was given to somebody outside. Only ever added to."""

    __tablename__ = "disclosure"
    __table_args__ = CLUSTERED
    patient_id: UUID = _column(HexUuid, key=True)
    made_on: date = _column(Date, key=True)
    id: UUID = _column(HexUuid, key=True)
    recipient: str = _column(Text)
    address: str = _column(Text)
    what: str = _column(Text)
    purpose: str = _column(Text)
    corrects: UUID | None = _maybe(HexUuid)
    by_person: UUID = _column(HexUuid)
    recorded_at: datetime = _column(UtcInstant)


class BackupRow(SQLModel, table=True):
    """What is known of a copy of the store."""

    __tablename__ = "backup"
    __table_args__ = CLUSTERED
    copy_name: str = Field(sa_column=Column("copy", Text, primary_key=True, nullable=False))
    made_at: datetime = _column(UtcInstant)
    second: str = _column(Text)
    second_why: str = _column(Text)
    proved_at: datetime | None = _maybe(UtcInstant)
    failed: str = _column(Text)


ALL: list[type[SQLModel]] = [
    JournalRow,
    EventRow,
    ReviewRow,
    DisclosureRow,
    CredentialRow,
    ShopRow,
    StaffRow,
    StaffLeftRow,
    JournalGenerationRow,
    VaultMarkRow,
    PatientRow,
    CardRow,
    VisitRow,
    VerificationRow,
    NoteRow,
    DraftRow,
    FormDraftRow,
    DispensationRow,
    DispensedLineRow,
    AmendmentRow,
    AmendedLineRow,
    PackageRow,
    DayComparisonRow,
    EntitlementRow,
    SetAmountRow,
    RulesRow,
    RulesKnownRow,
    RulesConfirmedRow,
    HoldRow,
    HeldAmountRow,
    OutageRow,
    OutageNoteRow,
    OutageSaleRow,
    OutageReviewRow,
    AnnouncedExceptionRow,
    BackupRow,
    *tables_closing.ALL,
    MorningCheckRow,
    MorningMissedRow,
    *tables_people.ALL,
    *tables_pos.ALL,
]
"""Every table, the journal first."""
