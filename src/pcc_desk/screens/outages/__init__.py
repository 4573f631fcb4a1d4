"""State systems that do not answer, and the posts that wait for them."""
