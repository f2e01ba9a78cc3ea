"""What can be wrong with the sender."""
