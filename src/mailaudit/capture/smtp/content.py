"""The content of a message as it arrives after DATA: it ends at CRLF.CRLF and nowhere else (RFC 5321, section 4.1.1.4)."""

_END = b"\r\n.\r\n"
_BARE_END = (b"\n.\n", b"\r.\r", b"\n.\r\n", b"\r\n.\n")


class Content:
    """Collects octets until the end; keeps at most so many of them."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        # The line end of the DATA command belongs to the end of an empty message.
        self._data = bytearray(b"\r\n")
        self._dropped = 0
        self._tail = b""

    def feed(self, data: bytes) -> bytes | None:
        """Take octets; return what stands after the end once it was there, before that nothing."""
        if self._dropped:
            return self._feed_dropped(data)
        start = max(0, len(self._data) - len(_END) + 1)
        self._data += data
        at = self._data.find(_END, start)
        if at >= 0:
            rest = bytes(self._data[at + len(_END) :])
            del self._data[at + 2 :]
            return rest
        if len(self._data) > self._kept:
            self._tail = bytes(self._data[-len(_END) + 1 :])
            self._dropped = len(self._data) - self._kept
            del self._data[self._kept :]
        return None

    def _feed_dropped(self, data: bytes) -> bytes | None:
        seen = self._tail + data
        at = seen.find(_END)
        if at >= 0:
            self._dropped += at + 2 - len(self._tail)
            return seen[at + len(_END) :]
        self._dropped += len(data)
        self._tail = seen[-len(_END) + 1 :]
        return None

    @property
    def size(self) -> int:
        """How many octets there are so far, the dots that SMTP added among them."""
        return len(self._data) - 2 + self._dropped

    @property
    def message(self) -> bytes:
        """What was kept, without the dots that SMTP added (RFC 5321, section 4.5.2)."""
        return bytes(self._data).replace(b"\r\n..", b"\r\n.")[2:]

    @property
    def has_bare_line_end(self) -> bool:
        """Whether a CR or an LF stands alone in what was kept."""
        kept = self._data.rstrip(b"\r") if self._dropped else self._data
        pairs = kept.count(b"\r\n")
        return kept.count(b"\n") != pairs or kept.count(b"\r") != pairs

    @property
    def waits_in_vain(self) -> bool:
        """Whether the client seems to have sent an end that is none, with bare line feeds."""
        return (self._tail or bytes(self._data[-4:])).endswith(_BARE_END)
