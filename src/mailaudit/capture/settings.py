"""What to write into the common programs so that they send to the capture."""

import shlex
import sys
from collections.abc import Mapping

from mailaudit.capture.ports import HOST, PLAIN, STARTTLS, TLS

# Names of keys as the programs' documentation and sources have them: docs.python.org/3/library/smtplib.html,
# nodemailer.com/smtp/, marlam.de/msmtp/msmtp.html, www.php.net/manual/mail.configuration.php, mautic/mautic
# app/bundles/EmailBundle/Config/config.php (a DSN of Symfony's since version 5; symfony.com/doc/current/mailer.html),
# knadh/listmonk frontend/src/views/settings/smtp.vue, phpList/phplist3 class.phplistmailer.php (campaigns go to the
# "blast" host where there is one), and the head of wp_mail_smtp.php (WP Mail SMTP's constants).
_SETTINGS = {
    "Python (smtplib)": 'smtplib.SMTP("{host}", {plain})',
    "PHP mail(), in php.ini": "sendmail_path = {sendmail}",
    "Node (nodemailer)": '{{ host: "{host}", port: {plain}, secure: false }}',
    "msmtp": "host {host}\nport {plain}\ntls off\nauth off",
    "Mautic 5, in config/local.php (then clear the cache)": "'mailer_dsn' => 'smtp://{host}:{plain}',",
    "listmonk, Settings > SMTP": (
        "Host {host}, Port {plain}, Auth protocol None, TLS Off; every other server disabled, for they share the mail"
    ),
    "phpList, in config.php": (
        "define('PHPMAILERHOST', '{host}');\ndefine('PHPMAILERPORT', {plain});\n"
        "define('PHPMAILERBLASTHOST', '{host}');\ndefine('PHPMAILERBLASTPORT', {plain});\n"
        "define('PHPMAILER_SECURE', false);\ndefine('TEST', 0);"
    ),
    "WordPress (WP Mail SMTP), in wp-config.php": (
        "define('WPMS_ON', true);\ndefine('WPMS_MAILER', 'smtp');\ndefine('WPMS_SMTP_HOST', '{host}');\n"
        "define('WPMS_SMTP_PORT', {plain});\ndefine('WPMS_SSL', '');\ndefine('WPMS_SMTP_AUTH', false);\n"
        "define('WPMS_SMTP_AUTOTLS', false);"
    ),
    "Any other SMTP plug-in": "host {host}, port {plain}, encryption none, authentication off",
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
