"""What can be wrong with the recipient list."""
