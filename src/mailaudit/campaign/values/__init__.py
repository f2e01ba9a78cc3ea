"""Texts of a campaign file become values: rates, durations, names, paths, instants."""
