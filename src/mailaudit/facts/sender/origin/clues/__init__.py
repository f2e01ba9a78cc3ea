"""What shows where the campaign leaves from: addresses, DNS, the message, and what is published for services."""
