"""The SMTP conversation itself, without a socket: lines in, replies out."""
