"""The canonical result, version 1 of the JSON report."""
