"""The rule files of `data/jurisdictions` and of the shop: read strictly, compared, and put into the domain's rules.

One file for each jurisdiction, in the schema "limits/1". What a file says and this version cannot apply is refused by
name: a limit is never dropped.
"""

from pcc_desk.rulebook.canonical import fingerprint, rules_text
from pcc_desk.rulebook.differing import binding_differences, differences
from pcc_desk.rulebook.files import RuleFile, RuleFileError, RuleSet
from pcc_desk.rulebook.folders import (
    OWN_FOLDER,
    Jurisdiction,
    file_for,
    jurisdictions,
    rule_files,
    rules_for,
    rules_in,
)
from pcc_desk.rulebook.issuers import licence_issuers
from pcc_desk.rulebook.reading import problems_of, read_file

__all__ = [
    "OWN_FOLDER",
    "Jurisdiction",
    "RuleFile",
    "RuleFileError",
    "RuleSet",
    "binding_differences",
    "differences",
    "file_for",
    "fingerprint",
    "jurisdictions",
    "licence_issuers",
    "problems_of",
    "read_file",
    "rule_files",
    "rules_for",
    "rules_in",
    "rules_text",
]
