"""What a run asks about the message beside reading it, each on request: its links, and filters for spam."""
