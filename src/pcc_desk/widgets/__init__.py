"""What screens are made of. Widgets are drawn line by line; they know no port and no store."""
