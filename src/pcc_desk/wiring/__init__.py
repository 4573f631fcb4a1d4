"""The composition root: puts a desk together from a data folder, and runs it in the terminal.

Heavy parts are loaded when they are needed: the first screen stands before any of them.
"""

from pcc_desk.wiring.door import StoreDoor
from pcc_desk.wiring.running import open_desk

__all__ = ["StoreDoor", "open_desk"]
