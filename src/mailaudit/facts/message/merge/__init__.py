"""Merge syntax: what the sending program is to fill in, and what was left unfilled."""
