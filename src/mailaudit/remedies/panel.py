"""How the panel of the zone's DNS host wants records typed; the host is recognised by its name servers."""

from collections.abc import Iterable, Iterator

from mailaudit.checks.remedy import RecordChange
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.dns.records import plain
from mailaudit.knowledge.hosting import dns_host
from mailaudit.knowledge.types.dns_host import DnsHost
from mailaudit.knowledge.types.fact import Confidence


async def panel_hints(records: Iterable[RecordChange], dns: Resolver) -> tuple[str, ...]:
    """Return sentences for whoever types the records; none for a host that nobody knows."""
    told: list[str] = []
    for record in records:
        answer = await dns.query(record.zone, "NS")
        names = [plain(one.target) for one in answer.records if hasattr(one, "target")]
        host = dns_host(names)
        if host is not None:
            told.extend(_hints(host, record))
    return tuple(dict.fromkeys(told))


def _hints(host: DnsHost, record: RecordChange) -> Iterator[str]:
    sure = "" if host.provenance.confidence is not Confidence.LOW else "probably "
    name = _name(host, record)
    field = f"the field {host.name_field}" if host.name_field else "the field for the name"
    typed = f"write {name} into {field}" if name else f"leave {field} empty"
    yield f"{record.zone} is with {host.name}: {sure}{typed}."
    if host.full_names == "doubled":
        yield f"{host.name} {sure}adds {record.zone} itself: a whole name would hold it twice."
    if record.type == "TXT" and host.quotes == "needed":
        yield f"{host.name} {sure}wants the text in double quotes."
    if record.type == "TXT" and host.quotes == "added":
        yield f"{host.name} {sure}adds the quotes: paste the text without."
    yield from host.traps


def _name(host: DnsHost, record: RecordChange) -> str:
    if host.full_names == "kept":
        return record.name
    if record.relative_name == "@" and host.root == "empty":
        return ""
    return record.relative_name
