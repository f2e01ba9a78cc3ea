"""What checkdmarc says of the same SPF and DMARC records over the same answers, and where it differs from us."""
