"""Writes the clean list and the removed rows; judges nothing."""
