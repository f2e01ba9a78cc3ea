"""What can be wrong: one file a check, pure functions over facts."""
