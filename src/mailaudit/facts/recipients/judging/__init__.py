"""Verdicts on addresses and people, and their counts."""
