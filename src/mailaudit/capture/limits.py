"""How much one client may ask of the sink."""

from msgspec import Struct

from mailaudit.facts.capture.read import KEPT


class Bounds(Struct, frozen=True):
    """Octets, counts and seconds; the least that RFC 5321, section 4.5.3, asks for is 512 octets a line and 100 recipients.

    `size` is offered as SIZE (RFC 1870), `kept` is what a sample may hold. `stalled_s` is how long a client that sent the end
    of a message with bare line feeds waits for an answer that cannot come, before it is told so. A message of more than
    `endless` octets, or that takes longer than `message_s`, has no end; `handshake_s` is how long TLS may take to begin.
    """

    line: int = 12_288
    size: int = 26_214_400
    kept: int = KEPT
    recipients: int = 1_000
    errors: int = 20
    connections: int = 200
    idle_s: float = 300.0
    stalled_s: float = 30.0
    endless: int = 2 << 30
    message_s: float = 1_800.0
    handshake_s: float = 10.0
