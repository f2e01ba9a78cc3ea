"""How far a run may reach: bounds on what is read, and what a file from strangers may not touch."""
