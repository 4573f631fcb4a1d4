"""What a person at the counter waits for, measured in a terminal of its own beside what it is compared with."""
