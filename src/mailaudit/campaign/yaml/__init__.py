"""The campaign file as text: lines of every key, and complaints that name them."""
