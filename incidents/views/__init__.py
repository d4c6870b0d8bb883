"""The pages of incidents, below `/desk/incidents/`."""
