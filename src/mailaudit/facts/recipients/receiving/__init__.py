"""Which recipient domains take mail, as far as DNS was asked."""
