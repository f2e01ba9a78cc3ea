"""The SPF records that fixes propose."""

from __future__ import annotations

from mailaudit.facts.facts import Facts
from mailaudit.facts.sender.spf.record import SpfRecord

# Softfail keeps forwarded mail alive; DMARC, not SPF, is where a strict policy belongs.
_END = "~all"


def senders(facts: Facts) -> tuple[str, ...]:
    """Return the mechanisms that authorize this campaign: the platform's include, or the addresses."""
    if facts.sender.platform_includes:
        return tuple(f"include:{name}" for name in facts.sender.platform_includes)
    return tuple(f"ip{ip.version}:{ip}" for ip in facts.campaign.sending.ips)


def new_record(facts: Facts) -> str | None:
    """Return a record for a domain that has none; missing when nothing is known that it could allow."""
    allowed = senders(facts)
    return " ".join(("v=spf1", *allowed, _END)) if allowed else None


def rewrite(
    record: SpfRecord,
    *,
    add: tuple[str, ...] = (),
    drop: frozenset[str] = frozenset(),
    end: str | None = None,
) -> str:
    """Return a record with terms added in front and terms dropped; `end` replaces its `all`.

    Terms that receivers never reach (after `all`, or `redirect` beside it) are left out, as are broken ones.
    """
    mechanisms = [m.text for m in record.effective_mechanisms if m.name != "all"]
    kept = [text for text in mechanisms if text not in drop and text.removeprefix("+") not in add]
    own_end = next((m.text for m in record.effective_mechanisms if m.name == "all"), None)
    ending = end or own_end
    redirect = record.redirect if ending is None and f"redirect={record.redirect}" not in drop else None
    last = f"redirect={redirect}" if redirect else ending or _END
    rest = [m.text for m in record.modifiers if m.name != "redirect" and m.text not in drop]
    return " ".join(("v=spf1", *add, *kept, last, *rest))


def joined(records: tuple[SpfRecord, ...]) -> str:
    """Return one record that allows what several records allow, with the mildest of their endings."""
    terms = dict.fromkeys(
        mechanism.text.removeprefix("+")
        for record in records
        for mechanism in record.effective_mechanisms
        if mechanism.name != "all"
    )
    endings = {m.text for record in records for m in record.effective_mechanisms if m.name == "all"}
    end = next((mild for mild in ("?all", "~all", "-all") if mild in endings), _END)
    return " ".join(("v=spf1", *terms, end))
