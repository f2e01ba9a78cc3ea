"""Where the campaign leaves from: single clues, and what they prove together."""
