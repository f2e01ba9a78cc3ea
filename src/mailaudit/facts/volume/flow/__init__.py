"""Messages laid out over time: streams, their pace, and the hours in which they may leave."""
