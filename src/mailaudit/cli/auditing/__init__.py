"""Audits for `check`: of what, once, of several campaigns, again and again, and what is done since the last time."""
