"""Writes down what arrived: a line for each message, samples, and a summary; never an address or a password."""

import json
import os
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mailaudit.capture.envelope import Envelope, Greeting
from mailaudit.capture.header import Header, read_header
from mailaudit.capture.samples import Samples
from mailaudit.capture.text import addresses_in, readable
from mailaudit.capture.traits import Marks, traits_of
from mailaudit.errors import refused
from mailaudit.facts.capture.identity import comparable, domain_of, make_key, name_of
from mailaudit.facts.capture.read import ENVELOPES, SUMMARY, VERSION
from mailaudit.knowledge.receivers import provider_by_domain

OTHER = "other"
_OTHERS = ("shows", "names")
_SEVERAL = 2
_DIGITS = 6
# RFC 5321, section 4.1.3: a host name or an address literal; whatever else a client says may hold a person's address.
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|\[(?:IPv6:)?[0-9A-Fa-f:.]{2,45}\]")


class Recording:
    """A folder that fills while messages arrive; `flush` now and then, `finish` once.

    `write` writes a whole text file or nothing. Raises `InputError` when the folder exists and is not empty or cannot be
    written; what was written stays.
    """

    def __init__(self, folder: Path, began: float, write: Callable[[Path, str], None]) -> None:
        self.folder = folder
        self.messages = 0
        self.deliveries = 0
        self.refused = 0
        self.providers: Counter[str] = Counter()
        self.error: OSError | None = None
        self._began = began
        self._started_at = datetime.now(UTC)
        self._write = write
        self._lines: list[str] = []
        self._marks = Marks()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if any(folder.iterdir()):
                todo = "name another folder with --out, or remove it"
                raise refused(f"{folder}: this folder is not empty", todo=todo)
            self._key = make_key(folder)
            self._samples = Samples(folder)
            self._file = os.open(folder / ENVELOPES, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        except OSError as error:
            what = f"{folder}: the capture cannot be written there ({error.strerror or error})"
            raise refused(what, todo="choose another place or free some room") from error

    def take(self, greeting: Greeting, envelope: Envelope, reply: str) -> None:
        """Take down one message or refused recipient, with the answer that it got."""
        header, text = read_header(envelope.content), readable(envelope.content)
        is_taken = reply.startswith("2")
        # Who is named twice in one message gets one.
        addresses = list(dict.fromkeys(comparable(address) for address in envelope.recipients))
        receivers = [self._provider(address) for address in addresses]
        number = self.messages + 1
        line: dict[str, Any] = {
            "at": round(envelope.ended - self._began, _DIGITS),
            "began": round(envelope.began - self._began, _DIGITS),
            "connection": greeting.number,
            "port": greeting.port,
            "tls": greeting.tls,
            "auth": greeting.mechanism,
            "ehlo": greeting.name if greeting.name and _HOST.fullmatch(greeting.name) else None,
            "mail_from": domain_of(comparable(envelope.sender)) if "@" in envelope.sender else None,
            "to": [
                {"provider": provider, "id": name_of(self._key, address)}
                for provider, address in zip(receivers, addresses, strict=True)
            ],
            "size": envelope.size,
            "reply": reply.split("\r", 1)[0][:200],
        }
        if envelope.content:
            line["from"] = header.from_domain
            line["from_id"] = header.from_address and name_of(self._key, header.from_address)
            line["message_id"] = header.message_id and name_of(self._key, header.message_id)
            line["unsubscribe"] = header.unsubscribe and name_of(self._key, header.unsubscribe)
            line["bare_line_ends"] = envelope.has_bare_line_end
            line |= self._others(header, addresses, text)
        try:
            if is_taken:
                # Who is shown to whom is a kind of its own: a sample of it is worth a look.
                marks = self._marks.within(text) | {b"shows" for key in _OTHERS if key in line}
                traits = traits_of(header, envelope.content, marks)
                line["shape"] = self._samples.add(number, header.shape, traits, envelope.content)
        except OSError as error:
            self.error = error
        if is_taken:
            self.messages = number
            self.deliveries += len(addresses)
            self.providers.update(receivers)
        else:
            self.refused += 1
        self._lines.append(json.dumps(line, ensure_ascii=True, separators=(",", ":")))

    def _others(self, header: Header, addresses: list[str], text: bytes) -> dict[str, list[str]]:
        """Return whom the header shows where that is not the only recipient, and whom else the message names."""
        # At a provider of mailboxes, whoever has the same domain is a stranger all the same.
        own = None if provider_by_domain(header.from_domain or "") else header.from_domain
        shown = {address for address in header.shown if domain_of(address) != own}
        named = {one for one in addresses_in(text) if domain_of(one) != own}.difference(
            shown, addresses, {header.from_address}
        )
        if not shown.difference(addresses) and len(addresses) < _SEVERAL:
            shown = set()
        found = {
            key: sorted(name_of(self._key, one) for one in names)
            for key, names in zip(_OTHERS, (shown, named), strict=True)
        }
        return {key: names for key, names in found.items() if names}

    def flush(self) -> None:
        """Write the lines so far; an error is kept in `error`."""
        if not self._lines:
            return
        data = ("\n".join(self._lines) + "\n").encode("ascii")
        self._lines.clear()
        try:
            while data:
                data = data[os.write(self._file, data) :]
        except OSError as error:
            self.error = error

    def summarise(self, ended: float | None, **told: Any) -> dict[str, Any]:
        """Write `capture.json` and return what it holds; `ended` is missing while messages still arrive."""
        until = None if ended is None else self._started_at + timedelta(seconds=ended - self._began)
        summary = {
            "capture_version": VERSION,
            "tool": {"name": "mailaudit", "version": version("mailaudit")},
            "started_at": _instant(self._started_at),
            "ended_at": until and _instant(until),
            "messages": self.messages,
            "recipients": self.deliveries,
            "refused": self.refused,
            **told,
        }
        self._write(self.folder / SUMMARY, json.dumps(summary, indent=2) + "\n")
        return summary

    def finish(self, ended: float, **told: Any) -> dict[str, Any]:
        """Write what is left; raises `InputError` when something could not be written, and keeps what was."""
        self.flush()
        try:
            samples = self._samples.finish()
        except OSError as error:
            self.error, samples = error, 0
        os.close(self._file)
        if self.error is not None:
            reason = self.error.strerror or self.error
            what = f"{self.folder}: no more could be written ({reason}); what was captured before stays"
            raise refused(what, todo="free some room and capture again") from self.error
        return self.summarise(ended, samples=samples, **told)

    def _provider(self, address: str) -> str:
        found = provider_by_domain(domain_of(address))
        return found.id if found is not None else OTHER


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
