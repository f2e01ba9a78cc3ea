"""The servers around the sender: who receives its mail, how that is protected, and who takes the campaign."""
