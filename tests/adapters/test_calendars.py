"""Calendar files: repeated within bounds, damaged ones a sentence, nothing half."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcc_desk.adapters.calendars import AHEAD, LARGEST, MOST_OF_ONE, events_of, read_calendar
from pcc_desk.domain.calendars import Calendar, CalendarEvent, NoCalendar

DETROIT = ZoneInfo("America/Detroit")
NOW = datetime(2026, 10, 20, 14, 0, tzinfo=UTC)


def a_file(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\n{each.strip()}\r\nEND:VEVENT\r\n" for each in events).replace("\n    ", "\r\n")
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n{body}END:VCALENDAR\r\n".encode()


def read(*events: str) -> Calendar:
    found = events_of(a_file(*events), DETROIT, NOW)
    assert isinstance(found, Calendar), found
    return found


def one(event: str) -> CalendarEvent:
    (found,) = read(event).events
    return found


ONCE = """UID:a1
    SUMMARY:Okafor, Chidi - follow-up
    DTSTART;TZID=America/Detroit:20261022T100000
    DTEND;TZID=America/Detroit:20261022T104500"""
WEEKLY = """UID:w1
    SUMMARY:Mara Lindqvist
    DTSTART;TZID=America/Detroit:20261022T100000
    DURATION:PT30M
    RRULE:FREQ=WEEKLY;COUNT=4"""


def local(event: CalendarEvent) -> str:
    return f"{event.at.astimezone(DETROIT):%m-%d %H:%M}"


def test_an_event_is_read_with_its_time_length_and_link() -> None:
    event = one(ONCE + "\n    URL:https://meet.example/r/1\n    DESCRIPTION:card MI-P-0041-7723")
    assert event.at == datetime(2026, 10, 22, 14, 0, tzinfo=UTC)
    assert (event.minutes, event.summary) == (45, "Okafor, Chidi - follow-up")
    assert (event.link, event.description) == ("https://meet.example/r/1", "card MI-P-0041-7723")
    assert not event.is_cancelled
    assert event.origin == one(ONCE).origin


@pytest.mark.parametrize("where", ["http://meet.example/r", "Room 2", "https://meet.example/a b", "javascript:x"])
def test_what_is_no_safe_link_is_none(where: str) -> None:
    assert one(f"{ONCE}\n    LOCATION:{where}").link == ""


@pytest.mark.parametrize(
    "told",
    [
        "LOCATION:HTTPS://meet.example/r?pwd=1",
        "LOCATION:Zoom: HTTPS://meet.example/r?pwd=1",
        "LOCATION:HTTPS://meet.example/r?pwd=1\\; Room 2",
        "URL:https://calendar.example/event/7\n    LOCATION:HTTPS://meet.example/r?pwd=1",
        "LOCATION:Room 2\n    X-GOOGLE-CONFERENCE:HTTPS://meet.example/r?pwd=1",
        "X-MICROSOFT-SKYPETEAMSMEETINGURL:HTTPS://meet.example/r?pwd=1",
        "CONFERENCE;VALUE=URI;FEATURE=PHONE:tel:+1-313-555-0100\n"
        "    CONFERENCE;VALUE=URI;FEATURE=VIDEO:HTTPS://meet.example/r?pwd=1",
    ],
)
def test_where_calendars_write_the_link_of_a_meeting_it_is_found(told: str) -> None:
    assert one(f"{ONCE}\n    {told}").link == "HTTPS://meet.example/r?pwd=1"


def test_a_link_too_long_to_be_kept_is_none_and_never_the_beginning_of_one() -> None:
    assert one(f"{ONCE}\n    LOCATION:https://meet.example/{'x' * 500}").link == ""


def test_a_time_without_a_zone_is_the_shops() -> None:
    event = one("UID:a\n    DTSTART:20261022T100000")
    assert event.at == datetime(2026, 10, 22, 14, 0, tzinfo=UTC)
    assert one("UID:a\n    DTSTART:20261022T100000Z").at == datetime(2026, 10, 22, 10, 0, tzinfo=UTC)


def test_what_repeats_stays_at_its_hour_when_the_clocks_change() -> None:
    found = read(WEEKLY).events
    assert [local(each) for each in found] == ["10-22 10:00", "10-29 10:00", "11-05 10:00", "11-12 10:00"]
    assert found[2].at - found[1].at == timedelta(days=7, hours=1)
    assert len({each.origin for each in found}) == 4


def test_a_day_that_is_left_out_and_one_that_was_moved_keep_the_others() -> None:
    series = WEEKLY + "\n    EXDATE;TZID=America/Detroit:20261029T100000"
    moved = """UID:w1
    SUMMARY:Mara Lindqvist
    RECURRENCE-ID;TZID=America/Detroit:20261105T100000
    DTSTART;TZID=America/Detroit:20261106T153000
    DURATION:PT20M"""
    found = read(series, moved).events
    assert [local(each) for each in found] == ["10-22 10:00", "11-06 15:30", "11-12 10:00"]
    assert found[1].origin == read(WEEKLY).events[2].origin, "it is the same occurrence at another time"
    assert found[1].minutes == 20


def test_without_an_end_it_ends_where_nobody_looks_any_more() -> None:
    found = read(ONCE + "\n    RRULE:FREQ=DAILY").events
    assert 110 < len(found) <= MOST_OF_ONE
    assert found[-1].at <= NOW + AHEAD


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("FREQ=SECONDLY", "it repeats secondly"),
        ("FREQ=MINUTELY;COUNT=3", "it repeats minutely"),
        ("FREQ=HOURLY", "it repeats hourly"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "too involved"),
        ("FREQ=WEEKLY;BYMONTH=2;BYSETPOS=400", "too involved"),
    ],
)
def test_a_rule_that_would_hang_is_refused_and_the_others_are_taken(rule: str, why: str) -> None:
    found = read(f"{ONCE}\n    RRULE:{rule}", "UID:b\n    SUMMARY:Other\n    DTSTART:20261023T090000")
    assert [each.summary for each in found.events] == ["Other"]
    (left,) = found.left_out
    assert why in left


def test_a_rule_that_never_comes_true_ends() -> None:
    assert read(ONCE + "\n    RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30").events == ()


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ("UID:a\n    SUMMARY:Whole day\n    DTSTART;VALUE=DATE:20261022", "it lasts all day"),
        ("UID:a\n    SUMMARY:No time", "it has no time"),
        ("SUMMARY:No number\n    DTSTART:20261022T100000", "no number of its own"),
        ("UID:a\n    SUMMARY:Broken\n    DTSTART:2026-10-22T10", "cannot be read"),
        ("UID:a\n    SUMMARY:Back\n    DTSTART:20261022T100000\n    DTEND:20261022T090000", "ends before it begins"),
        ("UID:a\n    SUMMARY:Long\n    DTSTART:20261022T100000\n    DTEND:20261022T230000", "longer than 8 hours"),
    ],
)
def test_an_event_that_cannot_be_used_is_named_with_why(event: str, why: str) -> None:
    found = read(event)
    assert found.events == ()
    (left,) = found.left_out
    assert why in left


def test_what_is_over_or_far_ahead_is_passed_over_in_silence() -> None:
    assert read("UID:a\n    DTSTART:20261019T100000", "UID:b\n    DTSTART:20280101T100000") == Calendar((), ())


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "no calendar file"),
        (b"PK\x03\x04 a spreadsheet", "no calendar file"),
        (a_file(ONCE)[:-20], "was cut"),
    ],
)
def test_what_is_no_whole_calendar_is_a_sentence_and_nothing_is_taken(raw: bytes, why: str) -> None:
    found = events_of(raw, DETROIT, NOW)
    assert isinstance(found, NoCalendar)
    assert why in found.why


WHOLE = a_file(ONCE, WEEKLY)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_bytes_that_were_lost_or_doubled_end_in_an_answer_and_never_in_a_fault(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(WHOLE) - 1))
    length = data.draw(st.integers(1, 40))
    damaged = data.draw(st.sampled_from([WHOLE[:at] + WHOLE[at + length :], WHOLE[:at] + WHOLE[at : at + length] * 2]))
    found = events_of(damaged + WHOLE[at + length :] if len(damaged) < at else damaged, DETROIT, NOW)
    assert isinstance(found, Calendar | NoCalendar)


async def test_a_file_that_is_not_there_or_too_large_is_a_sentence(tmp_path: Path) -> None:
    gone = await read_calendar(str(tmp_path / "none.ics"), "America/Detroit", NOW)
    assert isinstance(gone, NoCalendar)
    assert "cannot be read" in gone.why
    large = tmp_path / "large.ics"
    large.write_bytes(b"x" * (LARGEST + 1))
    found = await read_calendar(str(large), "America/Detroit", NOW)
    assert isinstance(found, NoCalendar)
    assert "larger than" in found.why
