"""How the desk is opened, locked, and left."""
