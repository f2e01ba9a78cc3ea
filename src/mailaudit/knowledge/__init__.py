"""Published facts about providers, platforms, software and blocklists, as data with sources."""
