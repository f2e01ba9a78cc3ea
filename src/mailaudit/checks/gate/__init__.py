"""What can be wrong with the gate itself; these checks judge the campaign's ignore entries."""
