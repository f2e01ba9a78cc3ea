"""Asks DNS only what an earlier run did not learn, for the many questions about the domains of a list."""

from mailaudit.facts.dns.answer import Answer, Resolver, Status
from mailaudit.facts.dns.answer_cache import Memory, Plain
from mailaudit.facts.dns.bulk.answers import Parsed
from mailaudit.facts.dns.resolver import CachingResolver


class RememberingResolver:
    """Answers from the memory where it can, else as `dns` does; the sender's own questions must not go through it.

    A remembered answer counts and is listed like a fresh one, so that a second run gives the same report.
    """

    def __init__(self, dns: CachingResolver, memory: Memory) -> None:
        self._dns = dns
        self._memory = memory

    async def query(self, name: str, type: str) -> Answer:  # noqa: A002 - the word of the protocol
        """Return the answer to one question, an earlier one while it may be kept."""
        plain = self._memory.known((name,), type).get(name)
        answer = _answer(plain) if plain is not None else None
        if answer is not None:
            self._dns.remember(answer)
            return answer
        answer = await self._dns.query(name, type)
        if answer.name == name and answer.is_known:
            from mailaudit.facts.dns.sources.recording import plain_of  # noqa: PLC0415 - reads dnspython

            self._memory.keep(name, answer.type, plain_of(answer), answer.ttl)
        return answer


def remembering(dns: Resolver, memory: Memory | None) -> Resolver:
    """Return the resolver with a memory, if there is one."""
    return RememberingResolver(dns, memory) if memory is not None and isinstance(dns, CachingResolver) else dns


def parsed_of(plain: Plain) -> Parsed | None:
    """Return a remembered answer as the bulk engine reads answers; nothing when it is broken."""
    try:
        status, records = Status(plain["status"]), [str(record) for record in plain["records"]]
        mx = [record.split(" ") for record in records if " " in record]
        hosts = tuple((int(preference), host.lower().rstrip(".") or ".") for preference, host in mx)
        return Parsed(status, hosts, tuple(record for record in records if " " not in record))
    except (KeyError, TypeError, ValueError):
        return None


def plain_of_parsed(parsed: Parsed) -> Plain:
    """Return what the bulk engine read as the memory keeps it."""
    hosts = [f"{preference} {host.rstrip('.')}." for preference, host in parsed.mx]
    return {"status": parsed.status.value, "records": [*hosts, *parsed.addresses]}


def _answer(plain: Plain) -> Answer | None:
    from mailaudit.facts.dns.sources.recording import BROKEN, answer_of  # noqa: PLC0415 - reads dnspython

    try:
        return answer_of(plain)
    except BROKEN:
        return None  # by the bulk engine, which keeps less
