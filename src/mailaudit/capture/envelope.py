"""What is known of one message that arrived."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Envelope:
    """One mail transaction (RFC 5321, section 3.3) of a session, filled in as the commands come.

    `began` and `ended` are seconds of the loop's clock, `content` is what is kept of the message, without the dots that SMTP
    added; `size` counts all octets that were sent. `utf8`: addresses may be other than ASCII (RFC 6531).
    """

    sender: str = ""
    recipients: list[str] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0
    content: bytes = b""
    size: int = 0
    has_bare_line_end: bool = False
    utf8: bool = False


@dataclass(slots=True)
class Greeting:
    """What a client told of itself: the name of its EHLO or HELO, TLS, and the mechanism of AUTH."""

    number: int
    port: str
    name: str | None = None
    extended: bool = False
    tls: bool = False
    mechanism: str | None = None


class Judge:
    """What a receiver answers; this one takes everything. Each answer is a whole reply, or nothing to go on."""

    def on_recipient(self, greeting: Greeting, envelope: Envelope, address: str) -> str | None:
        """Answer one recipient."""

    def on_message(self, greeting: Greeting, envelope: Envelope) -> str | None:
        """Answer a whole message."""

    def on_close(self, greeting: Greeting) -> None:
        """Take note that a connection has ended."""
