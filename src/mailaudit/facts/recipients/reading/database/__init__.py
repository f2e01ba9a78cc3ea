"""Lists in databases: what may be asked of an engine, and a bounded process that copies what it answers."""
