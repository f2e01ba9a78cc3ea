"""A newsletter script of the kind that shops really have: it makes every mistake that a dry run shows.

It mails whoever `customers.csv` holds, and some others, as fast as the server takes it.
"""

import contextlib
import csv
import os
import smtplib
from pathlib import Path

HOST = os.environ.get("MAILAUDIT_CAPTURE_HOST", "127.0.0.1")
PORT = int(os.environ.get("MAILAUDIT_CAPTURE_PORT", "2525"))
MESSAGE = """From: Cave Coste <contact@cave-coste.example>
To: {email}
Subject: The new vintage is here
Message-ID: <newsletter@cave-coste.example>
List-Unsubscribe: <https://www.cave-coste.example/unsubscribe>
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<p>Dear customer,</p><p>the new vintage is here: <a href="https://www.cave-coste.example/shop">have a look</a>.</p>
"""

with Path(__file__).with_name("customers.csv").open(encoding="utf-8", newline="") as file:
    people = [row["email"] for row in csv.DictReader(file, delimiter=";") if "@" in row["email"]]

# The list of last year, which somebody forgot to take out.
people += [*people[:25], "old.customer@orange.fr"]

with smtplib.SMTP(HOST, PORT, local_hostname="web7.web-host.example") as smtp:
    for email in people:
        # No log, and no second try.
        with contextlib.suppress(smtplib.SMTPResponseException):
            # The envelope sender that the web server chooses by itself.
            smtp.sendmail("www-data@web7.web-host.example", [email], MESSAGE.format(email=email))
