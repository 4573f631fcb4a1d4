"""What the rules say of those whose card is from elsewhere, and how much of it the desk checks."""

from pcc_desk.domain.entitling import binds_visitors, is_from_elsewhere
from pcc_desk.domain.rules import Rules
from pcc_desk.widgets.sheet import Line


def visitor_lines(rules: Rules, home: str) -> tuple[Line, ...]:
    """Return what a person must know before a visitor is served; none for whoever is at home here."""
    if not is_from_elsewhere(home, rules):
        return ()
    words = dict(rules.people).get("visiting", "")
    says = (
        f"{rules.name} says of visitors: {words}." if words else f"What holds for visitors in {rules.name} is unknown."
    )
    checks = "Their own limit counts; the rest" if binds_visitors(rules) else "The desk checks none of it: that"
    return (((f"Card from {home}. {says} {checks} is yours to check.", "warning"),),)
