"""Proves on this machine what privacy promises: made-up recipients and secrets go in, and none comes out of any output."""

import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from mailaudit import api, schedules
from mailaudit.options import DnsOptions, Options
from mailaudit.reports.document.build import document
from mailaudit.reports.formats import RenderOptions, formats

_MESSAGE = """From: News <news@mailaudit-selfcheck.example>
To: {delivered}@firm.example
Delivered-To: {delivered}@firm.example
Return-Path: <bounce+{token}@mailaudit-selfcheck.example>
Received: from a.example by b.example for <{delivered}@firm.example>; Mon, 30 Nov 2026 10:00:00 +0000
List-Unsubscribe: <mailto:leave+{token}@mailaudit-selfcheck.example>, <https://www.mailaudit-selfcheck.example/u?k={token}>
List-Unsubscribe: <mailto:again+{token}@mailaudit-selfcheck.example>
Subject: Hello {{{{ name }}}}
Message-ID: <{token}@mailaudit-selfcheck.example>

Hello {delivered}@firm.example, leave at https://www.mailaudit-selfcheck.example/u?k={token}
"""
_CAMPAIGN = """from: News <news@mailaudit-selfcheck.example>
sending: {platform: none, ips: [203.0.113.25]}
recipients: {files: [list.csv], suppression: [no.csv]}
schedule: {start: 2028-12-04T09:00, timezone: Europe/Paris, rate: 60/h}
message: message.eml
"""


class Outcome(Struct, frozen=True):
    """How many outputs were looked through for how many canaries, and the outputs that hold one: name and canary."""

    outputs: int
    canaries: int
    leaks: tuple[tuple[str, str], ...]


def selfcheck(folder: Path) -> Outcome:
    """Audit and plan a made campaign in an empty folder, offline, and look through every format at every verbosity."""
    canaries = {
        kind: f"canary{secrets.token_hex(4)}"
        for kind in ("fine", "invalid", "twice", "typo", "refused", "delivered", "token", "secret")
    }
    _write(folder, canaries)
    options = Options(dns=DnsOptions(offline=True))
    with api.prepare(folder / "campaign.yml", options) as ready:
        built = document(api.audit_prepared(ready))
        planned = schedules.plan(ready)
    told = dict(_rendered("report", built)) | dict(_rendered("plan", planned))
    leaks = tuple((name, kind) for name, text in told.items() for kind, word in canaries.items() if word in text)
    return Outcome(len(told), len(canaries), leaks)


def _rendered(of: str, what: object) -> Iterator[tuple[str, str]]:
    for name, shown in formats(of).items():
        for verbosity in (-1, 0, 2):
            yield f"{of} {name} {verbosity}", shown.render(what, RenderOptions(verbosity=verbosity))


def _write(folder: Path, canaries: Mapping[str, str]) -> None:
    rows = [
        f"{canaries['fine']}@firm.example",
        f"{canaries['invalid']} x@firm.example",
        f"{canaries['twice']}@firm.example",
        f"{canaries['twice']}@firm.example",
        f"{canaries['typo']}@gmial.com",
        f"{canaries['refused']}@firm.example",
    ]
    files = {
        "campaign.yml": _CAMPAIGN,
        "list.csv": "email,note\n" + "".join(f"{row},{canaries['secret']}\n" for row in rows),
        "no.csv": f"email\n{canaries['refused']}@firm.example\n",
        "message.eml": _MESSAGE.format(**canaries),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
