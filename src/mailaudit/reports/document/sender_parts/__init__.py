"""What `facts.sender` of the report is made of."""
