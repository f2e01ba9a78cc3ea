"""Finds the schedule that keeps every limit; judges nothing."""
