"""SPF (RFC 7208): records, their evaluation for one sending address, and their static worst case."""
