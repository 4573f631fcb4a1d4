"""The rule files: what ships, what is refused and how, which file goes first, and what is told to be different."""
