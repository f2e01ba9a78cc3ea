"""A front in the shape of `sendmail` for programs that start one, such as PHP: hands the message to a capture's port.

`python -m mailaudit.capture.sendmail --port 2525 -t -i [-f SENDER] [RECIPIENT...]` reads the message from standard input;
other options of sendmail are taken and mean nothing. Without `-f` the envelope sender is the user on this machine, as
sendmail, Postfix and Exim have it (Sendmail, 4th edition, section 6.7.10): From says nothing of it.
"""

import argparse
import email
import email.policy
import getpass
import re
import smtplib
import socket
import sys
from collections.abc import Sequence
from email.utils import getaddresses

from mailaudit.capture.ports import HOST

_LINE_END = re.compile(rb"\r?\n")
_ADDRESS_FIELDS = ("to", "cc", "bcc")
_AS_IT_IS = email.policy.compat32.clone(mangle_from_=False, max_line_length=None)
# Options of sendmail that are followed by a value, which is no recipient.
_WITH_A_VALUE = ("-B", "-C", "-L", "-N", "-O", "-R", "-V", "-X", "-h", "-p")
_TEMPORARY_FAILURE = 75
_USAGE, _UNAVAILABLE = 64, 69
_FOR_GOOD = 500


def main(args: Sequence[str] | None = None) -> int:
    """Deliver one message; the exit code is one of sysexits.h."""
    parser = argparse.ArgumentParser(prog="mailaudit.capture.sendmail", allow_abbrev=False, add_help=False)
    parser.add_argument("--port", type=int, default=2525)
    parser.add_argument("-t", dest="reads_recipients", action="store_true")
    parser.add_argument("-i", "-oi", dest="dot", action="store_true")
    parser.add_argument("-f", "-r", dest="sender")
    parser.add_argument("-F", dest="full_name")
    for flag in _WITH_A_VALUE:
        parser.add_argument(flag, dest="ignored")
    parser.add_argument("recipients", nargs="*")
    chosen, _ = parser.parse_known_args(args)
    raw = sys.stdin.buffer.read()
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    recipients = list(chosen.recipients)
    if chosen.reads_recipients:
        written = [str(value) for name in _ADDRESS_FIELDS for value in message.get_all(name, [])]
        recipients += [address for _, address in getaddresses(written) if address]
        if "bcc" in message:
            del message["bcc"]
            raw = message.as_bytes(policy=_AS_IT_IS)
    recipients = list(dict.fromkeys(recipients))
    if not recipients:
        sys.stderr.write("sendmail: no recipient\n")
        return _USAGE
    sender = f"{_user()}@{socket.gethostname()}" if chosen.sender is None else chosen.sender.strip("<>")
    options = [] if "".join((sender, *recipients)).isascii() else ["SMTPUTF8"]
    try:
        with smtplib.SMTP(HOST, chosen.port, "localhost", timeout=60) as client:
            client.sendmail(sender, recipients, _LINE_END.sub(b"\r\n", raw), options)
    except smtplib.SMTPResponseException as error:
        sys.stderr.write(f"sendmail: refused with {error.smtp_code}\n")
        return _UNAVAILABLE if error.smtp_code >= _FOR_GOOD else _TEMPORARY_FAILURE
    except (OSError, smtplib.SMTPException) as error:
        sys.stderr.write(f"sendmail: {type(error).__name__}\n")
        return _TEMPORARY_FAILURE
    return 0


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container may run as a number that no account has.
        return "nobody"


if __name__ == "__main__":
    sys.exit(main())
