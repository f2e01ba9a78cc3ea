"""Fills a template with the rows of the list that hurt most, and writes what these people would read."""
