"""SPF records edited term by term, and who may send with them and without."""
