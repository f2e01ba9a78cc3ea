"""TXT records at a name of their own that a version tells from others: MTA-STS, TLS-RPT and BIMI."""

import re
from collections.abc import Callable, Iterable

from msgspec import Struct

from mailaudit.facts.dns.answer import Answer
from mailaudit.facts.sender.lookalikes import Meant, lookalikes


class VersionedRecord(Struct, frozen=True):
    """The TXT records at a name that carry a version; more than one makes receivers ignore them all.

    `version` is what stands behind `v=`, `errors` of the one record are sentence fragments, `lookalikes` texts that were
    meant as such a record and are none.
    """

    name: str
    version: str
    texts: tuple[str, ...]
    errors: tuple[str, ...] = ()
    lookalikes: tuple[str, ...] = ()


def versioned(
    answer: Answer, version: str, meant: Meant, errors_of: Callable[[str], tuple[str, ...]]
) -> VersionedRecord:
    """Return the records of an answer that start with `v=` and this version; raises `Unavailable`."""
    start = re.compile(rb"v=" + version.encode() + rb"\s*(?:;|$)", re.IGNORECASE)

    def select(texts: Iterable[bytes]) -> tuple[bytes, ...]:
        return tuple(text for text in texts if start.match(text))

    texts = tuple(text.decode("ascii", "backslashreplace") for text in select(answer.texts()))
    return VersionedRecord(
        answer.name,
        version,
        texts,
        errors_of(texts[0]) if len(texts) == 1 else (),
        lookalikes(answer.texts(), meant, select),
    )
