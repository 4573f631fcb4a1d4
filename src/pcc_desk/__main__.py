"""Runs the desk as `python -m pcc_desk`."""

import sys

from pcc_desk.cli import main

sys.exit(main())
