"""Looks at what the desk stands on: the installation, the data folder, the rules, the terminal. Changes nothing."""

from pcc_desk.doctor.findings import Finding, Found, as_document, as_lines, examine

__all__ = ["Finding", "Found", "as_document", "as_lines", "examine"]
