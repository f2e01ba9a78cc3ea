"""One file a list format; each declares a `FORMAT`, which `list_format` finds."""
