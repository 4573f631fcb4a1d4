"""The commands that work on files, each loaded when it is called."""
