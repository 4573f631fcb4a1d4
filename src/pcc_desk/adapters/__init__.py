"""The systems outside, each behind a port of the desk: what they say on the wire becomes our own values here."""
