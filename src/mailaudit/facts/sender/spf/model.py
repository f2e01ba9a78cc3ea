"""What SPF gives for one address, with its working, and what is known about SPF at one domain."""

from enum import StrEnum

from msgspec import Struct

from mailaudit.facts.dns.answer import Answer, readable
from mailaudit.facts.dns.records import IpAddress
from mailaudit.facts.sender.lookalikes import Meant, lookalikes
from mailaudit.facts.sender.spf.lookup_tree import NodeState, SpfNode
from mailaudit.facts.sender.spf.pool import Pool
from mailaudit.facts.sender.spf.record import SpfRecord, parse, select


class SpfResult(StrEnum):
    """The seven results (RFC 7208, section 2.6)."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105 - a result of SPF
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


class Limit(StrEnum):
    """What receivers count while they evaluate a record (RFC 7208, section 4.6.4)."""

    LOOKUPS = "look-ups"
    VOID = "void look-ups"


class TraceStep(Struct, frozen=True):
    """One term that was tried: whose record (`domain`), how deep in includes, and what came of it."""

    depth: int
    domain: str
    term: str
    outcome: str


class SpfVerdict(Struct, frozen=True):
    """What a receiver computes for one address, with its working.

    `domain` is the identity that was judged (MAIL FROM or HELO). `reason` tells why in a sentence fragment.
    `lookups` and `void_lookups` count what this evaluation used; `explanation` is the domain's own text on a fail.
    `doubt` names a reverse look-up that failed: the standard passes over it, but with an answer the result may differ.
    `limit` is the one at which receivers give up.
    """

    ip: IpAddress
    domain: str
    result: SpfResult
    reason: str
    lookups: int = 0
    void_lookups: int = 0
    explanation: str | None = None
    trace: tuple[TraceStep, ...] = ()
    doubt: str | None = None
    limit: Limit | None = None

    def __str__(self) -> str:
        """Return the domain and the address that were judged."""
        return f"{self.domain} from {self.ip}"


_WORST_FIRST = (
    SpfResult.PERMERROR,
    SpfResult.TEMPERROR,
    SpfResult.FAIL,
    SpfResult.SOFTFAIL,
    SpfResult.NEUTRAL,
    SpfResult.NONE,
    SpfResult.PASS,
)


class SpfFacts(Struct, frozen=True):
    """The SPF of one MAIL FROM domain.

    `txt` is the answer that holds the record, `obsolete` that for the record type SPF (RFC 7208, section 3.1), `survey`
    the record's static worst case, `verdicts` what receivers compute for each sending address of the campaign (empty
    when no address is known). `pooled` is what they compute for an address of the `pool`, when the campaign gives none: of
    its platform, if the record leads there, or of the mailbox service that takes its mail. `pool_failure` tells why no
    address of that mailbox service is known, which the record does not name.
    """

    domain: str
    txt: Answer
    obsolete: Answer
    survey: SpfNode
    verdicts: tuple[SpfVerdict, ...] = ()
    pooled: SpfVerdict | None = None
    pool: Pool | None = None
    pool_failure: str | None = None

    @property
    def records(self) -> tuple[str, ...]:
        """The SPF records as text, sorted; raises `Unavailable` when DNS did not answer."""
        return tuple(readable(text) for text in select(self.txt.texts()))

    @property
    def lookalikes(self) -> tuple[str, ...]:
        """TXT records that were meant as SPF records and do not count; raises `Unavailable`."""
        return lookalikes(self.txt.texts(), Meant.SPF, select)

    @property
    def record(self) -> SpfRecord | None:
        """The one record, parsed; missing when there is none or several; raises `Unavailable`."""
        records = select(self.txt.texts())
        return parse(records[0]) if len(records) == 1 else None

    @property
    def glued(self) -> frozenset[str]:
        """The words of the record that run over a border between two strings, which are joined without a blank."""
        found: set[str] = set()
        for record in self.txt.known_records():
            strings = [part.decode("ascii", "backslashreplace") for part in getattr(record, "strings", ())]
            for place in range(1, len(strings)):
                before, after = "".join(strings[:place]), "".join(strings[place:])
                if before[-1:].strip() and after[:1].strip():
                    found.add(before.rpartition(" ")[2] + after.partition(" ")[0])
        return frozenset(found)

    @property
    def judged(self) -> tuple[SpfVerdict, ...]:
        """What receivers compute for the campaign's addresses, or for one of the service's when it names none."""
        return self.verdicts or ((self.pooled,) if self.pooled else ())

    @property
    def result(self) -> SpfResult | None:
        """The worst result over the sending addresses; missing when it cannot be told without an address."""
        if self.judged:
            return min((verdict.result for verdict in self.judged), key=_WORST_FIRST.index)
        if self.survey.record and self.survey.record.errors:
            return SpfResult.PERMERROR
        return {
            NodeState.MISSING: SpfResult.NONE,
            NodeState.SEVERAL: SpfResult.PERMERROR,
            NodeState.UNAVAILABLE: SpfResult.TEMPERROR,
        }.get(self.survey.state)
