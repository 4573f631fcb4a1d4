"""Setting a shop up: what is asked, how an answer is judged, and what is made of the answers."""
