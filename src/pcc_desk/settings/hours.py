"""When the shop is open, and when the law lets it sell."""

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field, StringConstraints

from pcc_desk.settings.values import Part

if TYPE_CHECKING:
    from pcc_desk.domain.hours import Hours
    from pcc_desk.domain.reconciling.terms import LegalHours

OPENING = r"^(closed|([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9])$"


def opening_hours(hours: str) -> str:
    """Return opening hours such as 09:00-20:00. Raises `ValueError` with a sentence when they end before they begin."""
    if hours != "closed" and hours[:5] >= hours[6:]:
        raise ValueError(f"“{hours}” ends before it begins; write hours such as 09:00-20:00")
    return hours


Opening = Annotated[str, StringConstraints(pattern=OPENING), AfterValidator(opening_hours)]
"""When the shop is open on a day of the week: "09:00-20:00", or "closed"."""


class OpeningSettings(Part):
    """When the shop is open, on its own clock; and how appointments are given. A day that is not named is closed."""

    monday: Opening = "closed"
    tuesday: Opening = "closed"
    wednesday: Opening = "closed"
    thursday: Opening = "closed"
    friday: Opening = "closed"
    saturday: Opening = "closed"
    sunday: Opening = "closed"
    appointment_minutes: Annotated[int, Field(ge=5, le=240)] = 30
    at_once: Annotated[int, Field(ge=1, le=20)] = 1
    """How many appointments may run at the same time."""

    def hours(self) -> "Hours":
        """Return them as the desk takes them."""
        from datetime import time

        from pcc_desk.domain.hours import NAMES, Hours

        named = [str(getattr(self, name.lower())) for name in NAMES]
        days = tuple(
            None if each == "closed" else (time.fromisoformat(each[:5]), time.fromisoformat(each[6:])) for each in named
        )
        return Hours(days if any(days) else (), self.appointment_minutes, self.at_once)


LEGAL = r"^(closed|([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00))$"


def legal_hours(hours: str) -> str:
    """Return legal hours such as 09:00-21:00. Raises `ValueError` with a sentence when they end as they begin."""
    if hours != "closed" and hours[:5] == hours[6:]:
        raise ValueError(f"“{hours}” ends as it begins; write 00:00-24:00 for the whole day, or closed")
    return hours


Legal = Annotated[str, StringConstraints(pattern=LEGAL), AfterValidator(legal_hours)]
"""When the law lets the shop sell on a day of the week: "09:00-21:00", or "closed".

Hours that end before they begin go on past midnight: "10:00-02:00". 24:00 is the end of the day.
"""


class LegalHoursSettings(Part):
    """When the law lets the shop sell, on its own clock. No rule file holds it; every day of the week is named."""

    monday: Legal
    tuesday: Legal
    wednesday: Legal
    thursday: Legal
    friday: Legal
    saturday: Legal
    sunday: Legal

    def hours(self) -> "LegalHours":
        """Return them as the comparison of a day takes them."""
        from datetime import time

        from pcc_desk.domain.hours import NAMES
        from pcc_desk.domain.reconciling.terms import Hours

        def at(text: str) -> time:
            return time.max if text == "24:00" else time.fromisoformat(text)

        named = [str(getattr(self, name.lower())) for name in NAMES]
        return tuple(None if each == "closed" else Hours(at(each[:5]), at(each[6:])) for each in named)
