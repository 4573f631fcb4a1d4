"""What every screen is made of: rows, sheets, the status line, a field for a secret. No text steers them."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from rich.cells import cell_len
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.widget import Widget

from pcc_desk.widgets.field import Field
from pcc_desk.widgets.form import FormSheet, Question
from pcc_desk.widgets.guard import GuardedApp
from pcc_desk.widgets.listing import PAGE, Column, Listing, Row
from pcc_desk.widgets.plain import fit
from pcc_desk.widgets.secret import SecretField
from pcc_desk.widgets.sheet import Sheet, bar, wrapped
from pcc_desk.widgets.statusbar import PlaceTab, StatusBar, StatusView
from pcc_desk.widgets.theme import THEMES

COLUMNS = (Column("Name", 12), Column("What", 6, grow=True), Column("Left", 6, align="right"))

HOSTILE = (
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\x9b2J",
    "a\rb\nc\td",
    "\u202egnp.exe",
    "\u2066isolate\u2069",
    "[red]markup[/red]",
    "[@click=app.exit]x[/]",
    "zero\u200bwidth",
    "\u0000nul\x7f",
    "日本語テキスト",
    "e\u0301e\u0301e\u0301e\u0301",
    "👩‍⚕️👩‍⚕️👩‍⚕️👩‍⚕️👩‍⚕️👩‍⚕️",
    "x" * 500,
)


def is_harmless(text: str) -> bool:
    """Return whether nothing in a text steers a terminal; what joins the parts of one picture may stay."""
    return text.replace("\u200d", "").isprintable()


class Stage(GuardedApp):
    """Shows some widgets."""

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self.widgets = widgets
        for each in THEMES:
            self.register_theme(each)
        self.theme = THEMES[0].name

    def compose(self) -> ComposeResult:
        """Show them."""
        yield from self.widgets

    @property
    def shown(self) -> list[str]:
        """The rows of the screen."""
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]


@asynccontextmanager
async def stage(*widgets: Widget, size: tuple[int, int] = (40, 8)) -> AsyncIterator[tuple[Stage, Pilot[Any]]]:
    app = Stage(*widgets)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot


def rows(*names: str) -> tuple[Row, ...]:
    return tuple(Row(name, (name, f"about {name}", "1 g")) for name in names)


# Lists


async def test_the_cursor_stays_on_its_row_when_rows_come_and_go() -> None:
    listing = Listing(COLUMNS)
    async with stage(listing) as (app, pilot):
        listing.focus()
        listing.show(rows("ada", "bo", "cy"))
        await pilot.press("down")
        assert listing.cursor_key == "bo"
        listing.show(rows("aa", "ada", "bo"))
        assert listing.cursor_key == "bo"
        listing.show(rows("ada", "cy"))
        assert listing.cursor_key == "ada"
        listing.show(())
        assert listing.cursor_key == ""
        await pilot.press("down", "enter", "end", "pagedown")
        listing.show(rows("dee"))
        await pilot.pause()
        assert app.shown[1].startswith("▸ dee")


async def test_a_sheet_that_may_grow_is_as_high_as_its_lines_take_and_no_higher_than_it_may() -> None:
    sheet = Sheet(wraps=True)
    async with stage(sheet, Sheet(id="below"), size=(20, 12)) as (app, pilot):
        sheet.styles.height, sheet.styles.min_height, sheet.styles.max_height = "auto", 2, 5
        app.query_one("#below", Sheet).show(((("below", ""),),))
        for words, height in (("one", 2), ("one two three four five six seven eight", 4), ("word " * 60, 5), ("", 2)):
            sheet.show(((("first", ""),), ((words, ""),)))
            await pilot.pause()
            assert sheet.size.height == height
            assert app.shown[height] == "below"


async def test_the_cursor_passes_over_headings() -> None:
    listing = Listing(COLUMNS)
    async with stage(listing) as (_, pilot):
        listing.focus()
        listing.show((*rows("ada"), Row("", ("", "expected", ""), "heading"), *rows("bo")))
        await pilot.press("down")
        assert listing.cursor_key == "bo"
        await pilot.press("up")
        assert listing.cursor_key == "ada"


async def test_a_heading_above_the_first_row_in_sight_is_shown_where_there_is_room() -> None:
    listing = Listing(COLUMNS)
    async with stage(listing, size=(40, 6)) as (app, pilot):
        listing.styles.height = 2
        await pilot.pause()
        listing.show((Row("", ("", "waiting", ""), "heading"), *rows("ada", "bo", "cy", "dee", "eve", "fay")))
        await pilot.pause()
        assert app.shown[1].startswith("▸ ada")
        listing.styles.height = 4
        await pilot.pause()
        assert [line.split()[1] for line in app.shown[1:4]] == ["waiting", "ada", "about"]
        listing.focus()
        await pilot.press("end", "home")
        await pilot.pause()
        assert "waiting" in app.shown[1]
        assert app.shown[2].startswith("▸ ada")


async def test_moving_the_cursor_paints_two_lines_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    listing = Listing(COLUMNS)
    async with stage(listing, size=(40, 12)) as (_, pilot):
        listing.focus()
        listing.show(rows(*(f"p{number}" for number in range(10))))
        await pilot.pause()
        painted: list[int] = []
        monkeypatch.setattr(listing, "paint", painted.extend)
        await pilot.press("down")
        assert sorted(painted) == [1, 2]


async def test_rows_that_did_not_change_are_not_painted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    listing = Listing(COLUMNS)
    async with stage(listing, size=(40, 12)) as (_, pilot):
        listing.show(rows("ada", "bo", "cy"))
        await pilot.pause()
        painted: list[int] = []

        def paint(lines: Iterable[int]) -> None:
            painted.extend(lines)

        monkeypatch.setattr(listing, "paint", paint)
        listing.show(rows("ada", "bo", "cy"))
        assert painted == []
        listing.show(rows("ada", "bea", "cy"))
        assert painted == [2]


async def test_of_a_million_rows_only_those_in_sight_are_fetched() -> None:
    fetched: list[tuple[int, int]] = []

    async def fetch(offset: int, limit: int) -> tuple[Row, ...]:
        fetched.append((offset, limit))
        return tuple(Row(str(number), (f"row {number}", "", "")) for number in range(offset, offset + limit))

    listing = Listing(COLUMNS)
    async with stage(listing, size=(40, 10)) as (app, pilot):
        listing.focus()
        listing.browse(1_000_000, fetch)
        await pilot.pause()
        await pilot.press("end")
        await pilot.pause()
        await pilot.pause()
        assert "row 999999" in app.shown[-1]
        assert sum(limit for _, limit in fetched) <= 4 * PAGE


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
async def test_a_hostile_name_stays_in_its_cell_and_steers_nothing(name: str) -> None:
    listing = Listing(COLUMNS)
    async with stage(listing, Sheet(id="sheet")) as (app, pilot):
        listing.styles.height = 4
        listing.show((Row("k", (name, "token", "7 g")), Row("plain", ("plain", "token", "7 g"))))
        app.query_one(Sheet).show((((name, "warning"),),))
        await pilot.pause()
        hostile, plain = (app.shown[number] for number in (1, 2))
        for words in ("token", "7 g"):
            assert cell_len(hostile[: hostile.index(words)]) == cell_len(plain[: plain.index(words)])
        for shown in app.shown:
            assert is_harmless(shown)
            assert cell_len(shown) <= 40


async def test_what_does_not_fit_is_cut_with_an_ellipsis_never_silently() -> None:
    sheet = Sheet()
    async with stage(sheet, size=(12, 3)) as (app, pilot):
        sheet.show(
            ((("Fri 13 Mar ", ""), ("+202.00 g", "")), (("exactly 12 c", ""),), (("padded      " + " " * 9, ""),))
        )
        await pilot.pause()
        assert app.shown == ["Fri 13 Mar …", "exactly 12 c", "padded"]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
@pytest.mark.parametrize("width", [1, 2, 7, 30])
def test_a_text_fits_its_width_exactly(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == width
    assert is_harmless(fit(text, width))


def test_a_line_is_broken_between_words_and_loses_none() -> None:
    lines = wrapped((("one two ", "good"), ("three four", "")), 9)
    assert ["".join(text for text, _ in line).strip() for line in lines] == ["one two", "three", "four"]
    assert lines[0][0][1] == "good"


def test_what_stands_in_a_column_goes_on_in_that_column() -> None:
    lines = wrapped((("key    ", "good"), ("waits again or is parked", "")), 20)
    assert ["".join(text for text, _ in line).rstrip() for line in lines] == [
        "key    waits again",
        "       or is parked",
    ]


def test_a_word_longer_than_a_line_goes_on_in_the_next() -> None:
    lines = wrapped((("see https://meet.example/room", ""), (" 人人人人人", "")), 9)
    assert ["".join(text for text, _ in line) for line in lines] == [
        "see",
        "https://m",
        "eet.examp",
        "le/room",
        "人人人人",
        "人",
    ]


def test_a_bar_never_shows_a_little_as_nothing_or_most_as_all() -> None:
    assert bar(0, 10) == "░" * 10  # type: ignore[arg-type]
    assert bar(1, 10) == "█" * 10  # type: ignore[arg-type]
    assert bar(0.001, 10).count("█") == 1  # type: ignore[arg-type]
    assert bar(0.999, 10).count("█") == 9  # type: ignore[arg-type]
    assert bar(7, 10) == "█" * 10  # type: ignore[arg-type]


# The status line


def view(**more: Any) -> StatusView:
    return StatusView(
        **{
            "places": (PlaceTab("Queue", "4", True), PlaceTab("Reconcile", "", False)),
            "shop": "MI · Birchwood Relief",
            "person": "Ana Ruiz",
            "systems": (
                ("METRC up, answered 0:12 ago", ""),
                ("POS up, answered 1:00 ago", ""),
                ("3 posts waiting", ""),
            ),
            "alert": (),
            "clock": "Thu 10:31",
            **more,
        }
    )


@pytest.mark.parametrize(
    ("width", "shown"),
    [(100, ("METRC", "POS", "3 posts")), (60, ("METRC", "3 posts")), (44, ("METRC",))],
)
async def test_the_status_line_keeps_the_state_system_longest(width: int, shown: tuple[str, ...]) -> None:
    status = StatusBar()
    async with stage(status, size=(width, 4)) as (app, pilot):
        status.show(view())
        await pilot.pause()
        assert app.shown[1].endswith("Thu 10:31")
        for words in ("METRC", "POS", "3 posts"):
            assert (words in app.shown[1]) == (words in shown)


async def test_what_is_wrong_stays_in_the_status_line_before_what_is_not() -> None:
    status = StatusBar()
    systems = (("METRC up", ""), ("POS report cannot be read", "warning"), ("no posts waiting", "muted"))
    async with stage(status, size=(56, 4)) as (app, pilot):
        status.show(view(systems=systems))
        await pilot.pause()
        assert "METRC up   POS report cannot be read" in app.shown[1]
        assert "posts" not in app.shown[1]


@pytest.mark.parametrize(("width", "said"), [(100, "the long"), (30, "short"), (16, "any")])
async def test_an_alert_takes_the_longest_wording_that_fits(width: int, said: str) -> None:
    status = StatusBar()
    async with stage(status, size=(width, 4)) as (app, pilot):
        status.show(view(alert=("the long wording of what is so and may be done", "short wording", "anything")))
        await pilot.pause()
        assert app.shown[1].strip().startswith(said)
        assert app.shown[1].endswith("Thu 10:31")


async def test_what_to_type_ends_in_an_ellipsis_where_there_is_no_room_for_it() -> None:
    form = FormSheet((Question("other", "the other record", "its card number, or a name that only it has"),))
    async with stage(form, size=(40, 8)) as (app, pilot):
        await pilot.pause()
        assert app.shown[0].rstrip().endswith("…")


# The secret


async def test_a_secret_is_shown_as_bullets_and_forgotten_once_taken() -> None:
    field = SecretField()
    async with stage(field) as (app, pilot):
        field.focus()
        await pilot.press("b", "i", "r", "c", "h", "ü")
        assert app.shown[0].strip(" ▏") == "•" * 6
        await pilot.press("backspace")
        assert "birch" not in repr(field) + str(app.shown)
        assert field.take() == "birch"
        assert field.take() == ""


async def test_a_secret_that_is_too_long_is_refused_whole() -> None:
    field = SecretField()
    async with stage(field) as (_, pilot):
        field.focus()
        await pilot.press("a")
        field._add("b" * 128)
        field._add("tab\there")
        assert field.take() == "a"


async def test_nothing_is_copied_pictured_or_suspended() -> None:
    async with stage(Field(id="entry")) as (app, pilot):
        entry = app.query_one(Field)
        entry.focus()
        await pilot.press("m", "a", "r", "a", "shift+home", "ctrl+c", "ctrl+x", "ctrl+z")
        assert app.clipboard == ""
        assert entry.value == "mara"
        with pytest.raises(PermissionError):
            app.export_screenshot()
        with pytest.raises(PermissionError):
            app.save_screenshot()


# Colours


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_text_of_a_theme_stands_out_from_every_ground_it_stands_on(theme: Any) -> None:
    text = {
        name: theme.variables[f"text-{name}"] for name in ("muted", "primary", "accent", "success", "warning", "error")
    }
    pairs = [(name, colour, ground) for name, colour in text.items() for ground in ("background", "panel")]
    pairs += [("foreground", theme.foreground, ground) for ground in ("background", "surface", "panel")]
    for name, colour, ground in pairs:
        bright, dim = sorted((luminance(colour), luminance(getattr(theme, ground))), reverse=True)
        assert (bright + 0.05) / (dim + 0.05) >= 4.5, (name, ground)
    for front, ground in (("block-cursor-foreground", "block-cursor-background"), (None, "surface-lighten-1")):
        colour = theme.variables[front] if front else theme.foreground
        bright, dim = sorted((luminance(colour), luminance(theme.variables[ground])), reverse=True)
        assert (bright + 0.05) / (dim + 0.05) >= 4.5, ground
