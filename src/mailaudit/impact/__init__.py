"""Whom the findings touch: what each mailbox provider on the list asks, and whether this campaign does it."""
