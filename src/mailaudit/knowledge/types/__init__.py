"""The types of the knowledge base: one file for each kind of thing that is known."""
