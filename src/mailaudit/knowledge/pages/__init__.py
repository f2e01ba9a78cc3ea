"""What is known, told to people: pages, delisting guides, YAML to correct it from, and what has grown old."""
