"""What the compliance officer looks at: who did what, and what was disclosed."""
