"""What one cell of a list says: an address, a slip, a refusal, a day; without any engine."""
