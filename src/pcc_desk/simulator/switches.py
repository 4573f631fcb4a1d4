"""How the simulated state system behaves where states differ, or where nothing public says how the real one does."""

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """How the state system behaves as a whole."""

    UP = "up"
    DOWN = "down"
    """Answers 503 with a page of the web server."""
    SILENT = "silent"
    """Takes the connection and never answers."""
    LOST_ANSWER = "lost_answer"
    """Does what it is asked, and never answers."""


@dataclass
class Switches:
    """Each system turns what concerns it; what means nothing to it has no effect. A scenario file sets them by name."""

    refuse_duplicates: bool = False
    """The shop's own number of a sale may be used once only."""
    refuse_over_limit: bool = False
    """A sale over the patient's limit is refused; otherwise it is recorded."""
    lines_in_lists: bool = True
    """Receipts come with their lines in lists as well."""
    may_look_up_patients: bool = True
    """This user's key may ask for patients and caregivers."""
    lookup_absent: bool = False
    """This state does not offer the look-up of patients at all."""
    lookup_disabled: bool = False
    """The regulator switched the look-up of patients off, for everybody."""
    key_expired: bool = False
    """The key or the account has run out."""
    list_lag_s: int = 0
    """What was posted shows in lists and look-ups of sales only so many seconds later."""
    cache_s: int = 60
    """A patient's standing may be so many seconds old."""
    clock_skew_s: int = 0
    """The server's clock is so many seconds ahead; behind when negative."""
    camel_case: bool = False
    """METRC: names in answers begin with a small letter."""
    five_field_status: bool = False
    """METRC: the form of a standing of 2024, five fields."""
    sentinel_dates: bool = False
    """METRC: the first of January of year 1 where a date is not set, in place of null."""
    last_day_only: bool = True
    """METRC: a list without a window has the last 24 hours only, otherwise everything."""
    may_sell: bool = True
    """METRC: this user's key may write sales."""
    may_view_sales: bool = True
    """METRC: this user's key may read sales."""
    may_check_in: bool = True
    """METRC: this user's key may read and write check-ins."""
    may_manage_patients: bool = True
    """METRC: this user's key may read and write member patients."""
    v1_key_only: bool = False
    """METRC: the key is for version 1; version 2 refuses it."""
    sales_date_filters: bool = True
    """METRC: salesDateStart and salesDateEnd work, otherwise they are overlooked."""
    external_not_found: int = 404
    """METRC: how a look-up by the shop's own number says that there is none, 404 or 401."""
    keyed_lists: bool = False
    """Leaf Data: the rows of a page are an object keyed by index in the place of a list."""
    second_factor: bool = False
    """Leaf Data: the account asks for a second factor, so that every call is sent to a page for it (302)."""
    session_s: int = 3300
    """BioTrack: a session ends after so many seconds."""
    card_key_s: int = 10800
    """BioTrack: the key of a looked-up card can be used for so many seconds."""
    leaked_header: bool = False
    """BioTrack, legacy: a line of the server's headers stands before the JSON."""
    empty_answers: bool = False
    """BioTrack, legacy: what is asked is done, and the answer is empty."""
    card_status: bool = True
    """BioTrack, legacy: the look-up of a card says whether it is active."""
