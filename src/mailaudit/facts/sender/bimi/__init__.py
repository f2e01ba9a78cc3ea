"""BIMI: the record, the picture and its mark certificate."""
