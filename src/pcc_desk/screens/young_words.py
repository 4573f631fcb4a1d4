"""What the rules say of the young, and how much of it the desk checks."""

from pcc_desk.domain.rules import Rules
from pcc_desk.widgets.sheet import Line

OLDEST = 21
"""The last age of which a rule file says anything."""


def young_lines(rules: Rules, years: int) -> tuple[Line, ...]:
    """Return what a person must know of the young before anything is put together; none for whoever is older.

    What a file says in words only is shown as it stands, and is never said to be checked.
    """
    words = dict(rules.people).get("minors", "")
    if years > OLDEST or not (words or years < rules.of_age):
        return ()
    bars = [each for each in rules.not_below if years < each.age]
    refused = "; ".join(f"{', '.join(each.categories).replace('_', ' ')} below {each.age}" for each in bars)
    if not words:
        unknown = f"What may not go to the young in {rules.name} is not in these rules: look it up."
        return (((unknown, "warning"),),)
    checks = (
        f"The desk refuses {refused}; the rest is yours to check."
        if refused
        else "The desk checks no product by age: you do."
    )
    return (((f"{years} years. {rules.name} says: {words}. {checks}", "warning"),),)
