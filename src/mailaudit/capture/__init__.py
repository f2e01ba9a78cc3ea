"""Records a dry run of the sender's own software: an SMTP server on loopback that delivers nothing."""
