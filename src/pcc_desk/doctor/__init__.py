"""Looks at what the desk stands on: the installation, the data folder, the rules, the terminal. Changes nothing."""

from pcc_desk.doctor.findings import Check, Finding, Found, as_document, as_lines, examine, status_of_findings
from pcc_desk.doctor.folder import FOLDER_CHECKS
from pcc_desk.doctor.installation import INSTALLATION_CHECKS
from pcc_desk.doctor.rules import RULE_CHECKS

__all__ = ["CHECKS", "Check", "Finding", "Found", "as_document", "as_lines", "examine", "status_of_findings"]

CHECKS: tuple[Check, ...] = (*INSTALLATION_CHECKS, *RULE_CHECKS, *FOLDER_CHECKS)
"""Every check, in the order of the report."""
