"""Where the capture listens, in a file of its own: the front in the shape of `sendmail` starts for each message."""

HOST = "127.0.0.1"
PLAIN, STARTTLS, TLS = "plain", "starttls", "tls"
