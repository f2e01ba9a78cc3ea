"""What can be wrong with the flow of mail over time."""
