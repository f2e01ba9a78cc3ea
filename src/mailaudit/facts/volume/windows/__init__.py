"""Windows of time, and the mail in the fullest of them."""
