"""How it is told: a report document becomes a string, without input or output."""
