"""YAML from anybody, bounded in size and depth: plain texts with the place of every key, and complaints in plain words."""
