"""One line to type in: it shows and scrolls what an ordinary input would, without laying the screen out at each key."""

import random

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Input

from pcc_desk.widgets.field import Field
from pcc_desk.widgets.theme import DARK

WIDTH = 24
ACTS = (
    "home",
    "end",
    "cursor_left",
    "cursor_right",
    "delete_left",
    "delete_right",
    "delete_left_word",
    "delete_left_all",
)


class Ordinary(Input):
    """Textual's input, looking as ours does."""

    DEFAULT_CSS = Field.DEFAULT_CSS.replace("Field", "Ordinary")


class Beside(App[None]):
    """Shows both, one below the other."""

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(DARK)
        self.theme = DARK.name

    def compose(self) -> ComposeResult:
        """Show them."""
        yield Field(id="ours")
        yield Ordinary(id="theirs", compact=True, select_on_focus=False)

    def row(self, y: int) -> str:
        """Return what stands in a row of the screen."""
        return self.screen._compositor.render_strips()[y].text.rstrip()


@pytest.mark.parametrize("seed", range(6))
async def test_what_is_typed_into_a_field_stands_as_in_an_ordinary_input(seed: int) -> None:
    dice, app = random.Random(seed), Beside()  # noqa: S311 - what is typed
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        fields = app.query(Input)
        for each in fields:
            each.cursor_blink = False
        for _ in range(30):
            words = dice.choice(("", "Lindqvist ", "1958-03-11", "日本語テキスト", "a" * 30))
            acts = [dice.choice(ACTS) for _ in range(dice.randrange(4))]
            value = dice.choice((None, None, None, "", "short", "what was typed before, and is longer than the field"))
            for each in fields:
                each.insert_text_at_cursor(words)
                for act in acts:
                    getattr(each, f"action_{act}")()
                each.value = each.value if value is None else value
            await pilot.pause()
            ours, theirs = ((app.row(y), each.cursor_position) for y, each in enumerate(fields))
            assert ours == theirs, (words, acts, value)


async def test_typing_into_a_field_does_not_lay_the_screen_out(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Beside()
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        app.query_one(Field).focus()
        await pilot.pause()
        laid_out: list[bool] = []
        lay_out = app.screen._refresh_layout

        def count(*args: object, **more: object) -> None:
            laid_out.append(True)
            lay_out(*args, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(app.screen, "_refresh_layout", count)
        await pilot.press(*"Mara")
        await pilot.pause()
        assert app.row(0).strip() == "Mara"
        assert not laid_out
