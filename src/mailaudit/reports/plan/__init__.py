"""A plan for sending as text, JSON, CSV and calendar."""
