"""One file a program; each declares a `READER`, which `readers` finds."""
