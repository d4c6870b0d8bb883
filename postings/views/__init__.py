"""The desk's pages about posts, clause 4."""
