"""The tables of one list: their schema, the engine that holds them, and what is run on them."""
