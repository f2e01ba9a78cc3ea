"""What is to be done: findings with one cause or one remedy become one task."""
