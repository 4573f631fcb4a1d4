"""An invented jurisdiction, whose file each test changes in one place."""

from datetime import date
from pathlib import Path

from pcc_desk.domain.rules import Limit, Rules
from pcc_desk.rulebook import problems_of, rules_in

DAY = date(2026, 3, 12)

GOOD = """schema = "limits/1"
[jurisdiction.XX]
name = "Examplia"
program = "Medical programme"
authority = "Agency"
s2s = "Metrc"
confidence = "high"
as_of = 2026-01-01
oz_g = "28"
citation = ["Rule 1"]
source = ["example"]
offline = { policy = "prohibited", why = "nothing without the registry" }
[[jurisdiction.XX.ruleset]]
id = "xx-1"
effective_from = 2025-01-01
[[jurisdiction.XX.ruleset.limit]]
id = "xx-30d"
amount = "2.5"
unit = "oz"
window = { kind = "rolling_days", days = 30, returns = 30, returns_conf = "high" }
terms = [{ cat = ["flower"], basis = "net_oz", per = "1" }]
unknown = ["concentrate"]
excluded = ["seed"]
"""

WINDOW = '{ kind = "rolling_days", days = 30, returns = 30, returns_conf = "high" }'
TERMS = '[{ cat = ["flower"], basis = "net_oz", per = "1" }]'


def written(folder: Path, text: str, name: str = "us-xx.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def changed(folder: Path, old: str, new: str) -> Path:
    assert GOOD.count(old) == 1, "the change must name one place"
    return written(folder, GOOD.replace(old, new))


def told(path: Path) -> str:
    """Return the only thing that is wrong with a file."""
    problems = problems_of(path)
    assert len(problems) == 1, problems
    return problems[0]


def limit_with(folder: Path, old: str, new: str) -> Limit:
    """Return the only limit of the file, changed in one place."""
    (limit,) = rules_in(changed(folder, old, new), DAY).limits
    return limit


def by_id(rules: Rules, limit_id: str) -> Limit:
    return next(each for each in rules.limits if each.id == limit_id)
