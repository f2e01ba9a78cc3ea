"""What is observed about the recipient list."""
