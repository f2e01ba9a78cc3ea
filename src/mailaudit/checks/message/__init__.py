"""What can be wrong with the message."""
