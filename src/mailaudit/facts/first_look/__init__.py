"""A first look at a domain, for somebody who has no campaign file yet."""
