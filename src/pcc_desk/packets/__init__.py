"""Evidence packets: one file that shows how a day ended, to be checked by anybody, without the desk or its key."""
