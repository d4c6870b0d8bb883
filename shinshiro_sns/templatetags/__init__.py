"""Template tags of the portal; built in to every template by the settings."""
