"""`python -m pcc_desk.simulator`: the simulated world as a program of its own."""

import sys

from pcc_desk.simulator.server import main

sys.exit(main())
