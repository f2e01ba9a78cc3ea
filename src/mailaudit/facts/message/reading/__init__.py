"""From the octets of a file to header fields and decoded parts, whatever the octets are."""
