"""The command line: Click only, one file a command."""
