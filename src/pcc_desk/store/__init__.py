"""What the desk remembers: keys, one writer thread, the journal, and the tables it is folded into."""
