"""What is decided: plain values and pure functions. No input or output, no clock, no framework."""
