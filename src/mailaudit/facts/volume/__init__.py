"""What is computed about the flow of mail over time."""
