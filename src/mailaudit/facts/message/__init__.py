"""What is observed about the message itself."""
