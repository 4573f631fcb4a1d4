"""PCC Desk: the desk of a Patient Care Coordinator in a medical-cannabis dispensary."""

__version__ = "0.1.0"
