"""What to write into the common programs so that they send to the capture."""

import shlex
import sys
from collections.abc import Mapping

from mailaudit.capture.server import HOST, PLAIN, STARTTLS, TLS

# Names of keys as the programs' own documentation has them: docs.python.org/3/library/smtplib.html, nodemailer.com/smtp/,
# marlam.de/msmtp/msmtp.html, docs.mautic.org (mailer_dsn, Symfony's form), listmonk.app/docs/configuration/,
# www.phplist.org/manual (PHPMAILERHOST, PHPMAILERPORT), www.php.net/manual/mail.configuration.php.
_SETTINGS = {
    "Python (smtplib)": 'smtplib.SMTP("{host}", {plain})',
    "PHP mail()": "sendmail_path = {sendmail}",
    "Node (nodemailer)": '{{ host: "{host}", port: {plain}, secure: false }}',
    "msmtp": "host {host}\nport {plain}\ntls off\nauth off",
    "Mautic": "'mailer_dsn' => 'smtp://{host}:{plain}'",
    "listmonk": "Settings > SMTP: host {host}, port {plain}, TLS off, AUTH none",
    "phpList": "define('PHPMAILERHOST', '{host}');\ndefine('PHPMAILERPORT', {plain});",
    "WordPress (any SMTP plug-in)": "host {host}, port {plain}, encryption none, authentication off",
}


def sendmail_path(port: int) -> str:
    """Return the value of PHP's `sendmail_path` that hands each message to the capture."""
    words = [sys.executable, "-m", "mailaudit.capture.sendmail", "--port", str(port), "-t", "-i"]
    return shlex.join(words)


def settings(ports: Mapping[str, int], authority: str) -> str:
    """Return the settings of each program, and where TLS is, as lines to read and to paste."""
    known = {"host": HOST, "plain": ports[PLAIN], "sendmail": sendmail_path(ports[PLAIN])}
    lines = []
    for program, text in _SETTINGS.items():
        lines.append(f"  {program}")
        lines += [f"      {line}" for line in text.format(**known).splitlines()]
    lines.append(
        f"  With STARTTLS: port {ports[STARTTLS]}; with TLS from the first octet: port {ports[TLS]}. "
        f"Both are signed by {authority}."
    )
    lines.append("  Any user name and password is taken, and none is kept.")
    return "\n".join(lines)
