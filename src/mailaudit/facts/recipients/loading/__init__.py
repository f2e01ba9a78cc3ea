"""Rows become tables."""
