"""The sending program's own configuration, read for the pace that it really keeps: one file a program."""
