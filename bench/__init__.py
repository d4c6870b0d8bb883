"""The figures of the README, each beside its peer or its limit, measured in one run."""
