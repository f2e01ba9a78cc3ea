"""What is observed about the sender: authentication, identity, reputation."""
