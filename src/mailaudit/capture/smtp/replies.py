"""What the server says: codes of RFC 5321, section 4.2.2, and of RFC 3463."""

import re

OK = "250 2.0.0 OK"
TAKEN = "250 2.6.0 Taken, and not delivered"
BUSY = "421 4.7.0 Too many connections"
UNREADY = "503 5.5.1 Bad sequence of commands"
SYNTAX = "501 5.5.4 Syntax error in parameters"
UNKNOWN = "500 5.5.1 Command not recognised"
NOT_OFFERED = "502 5.5.1 Command not implemented"
NOT_HTTP = "421 4.7.0 This port speaks SMTP, not HTTP"
TOO_LONG = "500 5.5.6 Line too long"
OVER = "421 4.3.2 The capture is over"
BARE = "421 4.4.2 A message ends with <CR><LF>.<CR><LF>; bare line feeds are no line ends"
UNKNOWN_PARAMETER = "555 5.5.4 Parameter not recognised"
BAD_PARAMETER = "501 5.5.4 Syntax error in a parameter"
TOO_LARGE = "552 5.3.4 Message too large"
NOT_ASCII = "553 5.6.7 An address that is not ASCII needs SMTPUTF8"

_HTTP = re.compile(r" HTTP/\d")
_NOT_OFFERED = frozenset({"EXPN", "BDAT", "ETRN", "TURN", "SEND", "SOML", "SAML", "BURL"})


def answer_to_unknown(line: str) -> str:
    """Return what a line that is no command of ours deserves."""
    if _HTTP.search(line):
        return NOT_HTTP
    return NOT_OFFERED if line.partition(" ")[0].upper() in _NOT_OFFERED else UNKNOWN
