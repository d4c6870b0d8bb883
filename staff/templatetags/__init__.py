"""Template tags of the staff application."""
