"""The files of a logo record: the picture and its certificate."""
