"""DKIM (RFC 6376, RFC 8301, RFC 8463): which keys sign the campaign, and the signatures of the sample."""
