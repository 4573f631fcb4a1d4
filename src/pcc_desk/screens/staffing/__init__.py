"""Who works here, and by what they open the desk."""
