"""mailaudit tells a marketer, before the send, what will go wrong with an e-mail campaign."""
