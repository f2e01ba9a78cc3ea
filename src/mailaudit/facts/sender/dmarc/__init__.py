"""DMARC (RFC 9989, and RFC 7489 where receivers still follow it): records, discovery and alignment."""
