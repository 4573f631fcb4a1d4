"""What the help says, drawn from the bindings: it cannot name a key that does nothing."""

from collections.abc import Iterable
from itertools import takewhile

from textual.binding import Binding, BindingType
from textual.screen import Screen

from pcc_desk.widgets.keybar import key_name
from pcc_desk.widgets.sheet import Line


def key_words(keys: str) -> str:
    """Return the keys of a binding as they stand on a keyboard: "^g", "y or enter"."""
    return " or ".join(key_name(key) for key in keys.split(","))


def declared(bindings: Iterable[BindingType]) -> tuple[Binding, ...]:
    """Return those that are full bindings, as all of ours are."""
    return tuple(each for each in bindings if isinstance(each, Binding))


def at_cursor(screen: Screen[object], here: Iterable[Binding]) -> tuple[Binding, ...]:
    """Return what the keys of the focused widget do now, as far as it shows them and the screen's own are others.

    Those of a form around it, which it lets through, are told as far as the form explains them.
    """
    told = {each.key for each in here}
    works = (each.binding for each in screen.active_bindings.values() if each.node is screen.focused)
    around = takewhile(lambda node: node is not screen, screen.focused.ancestors if screen.focused else ())
    form = (each for node in around for each in declared(node.BINDINGS))
    return (
        *(each for each in works if each.show and each.key not in told),
        *(each for each in form if each.tooltip),
    )


def help_lines(here: Iterable[BindingType], everywhere: Iterable[BindingType]) -> tuple[Line, ...]:
    """Return a line for each key: here first, then everywhere."""
    lines: list[Line] = []
    for heading, bindings in (("Here", here), ("Everywhere", everywhere)):
        lines.append(((heading, "heading"),))
        lines.extend(_line(each) for each in declared(bindings))
        lines.append(())
    return tuple(lines)


def _line(binding: Binding) -> Line:
    return (
        (f"  {key_words(binding.key):<11} ", "good"),
        (f"{binding.description:<14}", ""),
        (binding.tooltip, "muted"),
    )
