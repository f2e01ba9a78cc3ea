"""Rows become tables in the engine."""
