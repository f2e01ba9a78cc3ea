"""What a dry run recorded, joined with the list that it was for."""
