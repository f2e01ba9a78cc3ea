"""Very many questions of one type at once."""
