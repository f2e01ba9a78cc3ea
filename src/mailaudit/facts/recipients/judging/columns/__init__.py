"""What the columns beside an address say of a person: who refused, agreed or was active, and when."""
