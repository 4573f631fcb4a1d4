"""The figures on which the trust in the desk rests, each measured and printed: `make trust`."""
