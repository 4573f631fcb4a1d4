"""A day of sales beside the state's record and the desk's own: what matches, what differs, what cannot be compared."""
