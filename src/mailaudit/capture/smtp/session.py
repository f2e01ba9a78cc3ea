"""One SMTP session (RFC 5321) as lines in and replies out, without a socket: takes everything, delivers nothing."""

import re
from collections.abc import Callable

from mailaudit.capture.envelope import Envelope, Greeting, Judge
from mailaudit.capture.limits import Bounds
from mailaudit.capture.smtp.authentication import MECHANISMS, Dialogue
from mailaudit.capture.smtp.content import Content
from mailaudit.capture.smtp.parameters import asks_utf8, fault_of_mail, fault_of_recipient
from mailaudit.capture.smtp.replies import (
    OK,
    OVER,
    SYNTAX,
    TAKEN,
    TOO_LARGE,
    TOO_LONG,
    UNREADY,
    answer_to_unknown,
)

_PATH = re.compile(r"(FROM|TO):\s*<(?P<path>[^<>]*)>(?P<more>$|\s.*)", re.IGNORECASE)
_ROUTE = re.compile(r"^@[^:]*:")
_TLS_RECORD = b"\x16\x03"
_NAME = "localhost"


class Session:
    """The state of a connection: `receive` what the client sent, and write what it returns.

    No further message is taken once it `is_over`. `is_closing` tells that the connection is over once the replies are
    written, `wants_tls` that the handshake follows them.
    `deliver` is called with each message and each refused recipient, and the answer that it got.
    """

    def __init__(
        self,
        greeting: Greeting,
        bounds: Bounds,
        judge: Judge,
        clock: Callable[[], float],
        deliver: Callable[[Greeting, Envelope, str], None],
        *,
        offers_tls: bool = False,
    ) -> None:
        self.greeting = greeting
        self.is_closing = False
        self.wants_tls = False
        self.is_over = False
        self._bounds = bounds
        self._judge = judge
        self._clock = clock
        self._deliver = deliver
        self._offers_tls = offers_tls
        self._buffer = bytearray()
        self._envelope: Envelope | None = None
        self._content: Content | None = None
        self._dialogue: Dialogue | None = None
        self._errors = 0
        self._played = ""
        self._is_skipping = False

    def open(self) -> bytes:
        """Return the first reply of the connection."""
        return self._write(f"220 {_NAME} ESMTP mailaudit capture, delivers nothing")

    def receive(self, data: bytes) -> bytes:
        """Take what the client sent and return the replies."""
        if not self.greeting.tls and self.greeting.name is None and data.startswith(_TLS_RECORD):
            self.is_closing = True
            return b"500 5.5.1 This port speaks plain SMTP; TLS has a port of its own\r\n"
        self._buffer += data
        replies = bytearray()
        while self._buffer and not self.is_closing and not self.wants_tls:
            reply = self._next()
            if reply is None:
                break
            replies += reply
        return bytes(replies)

    def start_tls(self) -> None:
        """Forget what was said before the handshake (RFC 3207, section 4.2)."""
        self.wants_tls = False
        self.greeting.tls = True
        self.greeting.name = self.greeting.mechanism = None
        self.greeting.extended = False
        self._buffer.clear()
        self._envelope = None

    @property
    def is_in_message(self) -> bool:
        """Whether the client sends the content of a message."""
        return self._content is not None

    @property
    def waits_in_vain(self) -> bool:
        """Whether the client waits for the answer to a message that it did not end."""
        return self._content is not None and self._content.waits_in_vain

    def _next(self) -> bytes | None:
        """Consume one line or what there is of a message; nothing when more is needed."""
        if self._content is not None:
            data = bytes(self._buffer)
            self._buffer.clear()
            rest = self._content.feed(data)
            if rest is None and self._content.size <= self._bounds.endless:
                return None
            # A message without end ends the connection.
            self.is_closing = rest is None
            self._buffer += rest or b""
            return self._write(self._finished())
        at = self._buffer.find(b"\n")
        if at < 0:
            if len(self._buffer) <= self._bounds.line:
                return None
            self._buffer.clear()
            self._is_skipping = True
            # A line without end is an error again and again, until there are too many.
            self._errors += 1
            return self._write(TOO_LONG) if self._errors > self._bounds.errors else None
        line = bytes(self._buffer[:at]).rstrip(b"\r")
        del self._buffer[: at + 1]
        if self._is_skipping or len(line) > self._bounds.line:
            self._is_skipping = False
            self._dialogue = None
            return self._write(TOO_LONG)
        return self._write(self._command(line))

    def _write(self, reply: str) -> bytes:
        code = reply[:1]
        if code == "5" and reply is not self._played:
            self._errors += 1
        if self._errors > self._bounds.errors:
            self.is_closing = True
            return b"421 4.7.0 Too many errors\r\n"
        if reply.startswith("421"):
            self.is_closing = True
        return f"{reply}\r\n".encode()

    def _command(self, line: bytes) -> str:
        text = line.decode("utf-8", "replace")
        if self._dialogue is not None:
            reply = self._dialogue.reply(text)
            self._end_dialogue()
            return reply
        verb, _, rest = text.partition(" ")
        handler = _COMMANDS.get(verb.upper())
        return handler(self, rest.strip()) if handler is not None else answer_to_unknown(text)

    def _ehlo(self, rest: str) -> str:
        if not rest:
            return SYNTAX
        self._helo(rest)
        self.greeting.extended = True
        offers = ["PIPELINING", f"SIZE {self._bounds.size}", "8BITMIME", "SMTPUTF8", "DSN", "ENHANCEDSTATUSCODES"]
        offers.append("AUTH " + " ".join(MECHANISMS))
        if self._offers_tls and not self.greeting.tls:
            offers.append("STARTTLS")
        lines = [_NAME, *offers]
        return "\r\n".join(f"250{'-' if at < len(lines) else ' '}{offer}" for at, offer in enumerate(lines, 1))

    def _helo(self, rest: str) -> str:
        if not rest:
            return SYNTAX
        self._reset(rest)
        self.greeting.name, self.greeting.extended = rest[:255], False
        return f"250 {_NAME}"

    def _reset(self, _rest: str) -> str:
        self._envelope = None
        return OK

    def _quit(self, _rest: str) -> str:
        self.is_closing = True
        return "221 2.0.0 Bye"

    def _tls(self, rest: str) -> str:
        if rest:
            return SYNTAX
        if not self._offers_tls or self.greeting.tls:
            return UNREADY
        self.wants_tls = True
        return "220 2.0.0 Ready to start TLS"

    def _auth(self, rest: str) -> str:
        mechanism, _, initial = rest.partition(" ")
        if not self.greeting.extended:
            return UNREADY
        if mechanism.upper() not in MECHANISMS:
            return "504 5.5.4 Mechanism not recognised"
        if self.greeting.mechanism is not None or self._envelope is not None:
            return UNREADY
        self._dialogue = Dialogue(mechanism.upper())
        reply = self._dialogue.begin(initial.strip() or None)
        self._end_dialogue()
        return reply

    def _end_dialogue(self) -> None:
        if self._dialogue is not None and self._dialogue.is_done:
            if self._dialogue.is_accepted:
                self.greeting.mechanism = self._dialogue.mechanism
            self._dialogue = None

    def _mail(self, rest: str) -> str:
        found = _PATH.match(rest)
        if found is None or found[1].upper() != "FROM":
            return SYNTAX
        if self.greeting.name is None or self._envelope is not None:
            return UNREADY
        if self.is_over:
            return OVER
        written, extended = found["more"], self.greeting.extended
        fault = fault_of_mail(found["path"], written, self._bounds, extended=extended)
        if fault is not None:
            return fault
        sender, utf8 = _ROUTE.sub("", found["path"]), asks_utf8(written)
        self._envelope = Envelope(sender=sender, began=self._clock(), utf8=utf8)
        return "250 2.1.0 OK"

    def _recipient(self, rest: str) -> str:
        found = _PATH.match(rest)
        if self._envelope is None:
            return UNREADY
        if found is None or found[1].upper() != "TO" or not found["path"].strip():
            return SYNTAX
        utf8 = self._envelope.utf8
        fault = fault_of_recipient(found["path"], found["more"], extended=self.greeting.extended, utf8=utf8)
        if fault is not None:
            return fault
        if len(self._envelope.recipients) >= self._bounds.recipients:
            return "452 4.5.3 Too many recipients"
        address = _ROUTE.sub("", found["path"]).strip()
        answer = self._judge.on_recipient(self.greeting, self._envelope, address)
        if answer is None:
            self._envelope.recipients.append(address)
            return "250 2.1.5 OK"
        # What a provider that is played refuses is no error of the client.
        self._played = answer
        now = self._clock()
        self._deliver(self.greeting, Envelope(self._envelope.sender, [address], now, now), answer)
        return answer

    def _data(self, rest: str) -> str:
        if rest:
            return SYNTAX
        if self._envelope is None:
            return UNREADY
        if not self._envelope.recipients:
            return "554 5.5.1 No valid recipients"
        self._content = Content(self._bounds.kept)
        return "354 End data with <CR><LF>.<CR><LF>"

    def _finished(self) -> str:
        content, envelope = self._content, self._envelope
        self._content = self._envelope = None
        if content is None or envelope is None:
            return UNREADY
        envelope.ended = self._clock()
        envelope.size = content.size
        envelope.content = content.message
        envelope.has_bare_line_end = content.has_bare_line_end
        is_small = content.size <= self._bounds.size
        if self.is_over:
            return OVER
        self._played = (self._judge.on_message(self.greeting, envelope) if is_small else None) or ""
        answer = self._played or (TAKEN if is_small else TOO_LARGE)
        self._deliver(self.greeting, envelope, answer)
        return answer


_COMMANDS: dict[str, Callable[[Session, str], str]] = {
    "EHLO": Session._ehlo,  # noqa: SLF001 - the class's own table
    "HELO": Session._helo,  # noqa: SLF001 - as above
    "MAIL": Session._mail,  # noqa: SLF001 - as above
    "RCPT": Session._recipient,  # noqa: SLF001 - as above
    "DATA": Session._data,  # noqa: SLF001 - as above
    "RSET": Session._reset,  # noqa: SLF001 - as above
    "NOOP": lambda *_: OK,
    "QUIT": Session._quit,  # noqa: SLF001 - as above
    "VRFY": lambda *_: "252 2.1.5 Cannot verify, but takes everything",
    "HELP": lambda *_: "214 2.0.0 Takes every message and delivers none",
    "STARTTLS": Session._tls,  # noqa: SLF001 - as above
    "AUTH": Session._auth,  # noqa: SLF001 - as above
}
