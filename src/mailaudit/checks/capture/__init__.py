"""Checks of what a dry run of the sender's own software recorded."""
