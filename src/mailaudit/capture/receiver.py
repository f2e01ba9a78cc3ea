"""Plays a mailbox provider: refuses, for now or for good, by the limits and in the codes that are known of it."""

import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from mailaudit.capture.envelope import Envelope, Greeting, Judge
from mailaudit.capture.header import Header, read_header
from mailaudit.errors import refused
from mailaudit.facts.capture.identity import comparable, domain_of
from mailaudit.facts.recipients.cells.address import judge
from mailaudit.knowledge.receivers import provider_by_domain, provider_named
from mailaudit.knowledge.types.provider import Provider, Requirement, Threshold
from mailaudit.knowledge.types.volume import Effect, LimitRule, Scope
from mailaudit.knowledge.volume import provider_limits

MIXED = "mixed"
_OF_A_PROVIDER = frozenset({Scope.PROVIDER, Scope.IP_PROVIDER})
_LATER = re.compile(r"4\d\d ")
_NEVER = re.compile(r"5\d\d(?: |$)")
_SIGNATURE = "dkim-signature"


@dataclass(slots=True)
class _Counts:
    """What one provider has seen: who is connected, messages by connection, and instants by limit."""

    connected: set[int] = field(default_factory=set)
    messages: Counter[int] = field(default_factory=Counter)
    instants: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))


class Receiver(Judge):
    """Answers as the provider named would, or each recipient's own (`mixed`); raises `InputError` for an unknown name."""

    def __init__(self, name: str, clock: Callable[[], float]) -> None:
        self._only = None if name == MIXED else provider_named(name)
        if name != MIXED and self._only is None:
            todo = "name a provider such as gmail or orange (`mailaudit knowledge` lists them), or mixed"
            raise refused(f"--answer {name}: no such mailbox provider is known", todo=todo)
        self._clock = clock
        self._counts: dict[str, _Counts] = defaultdict(_Counts)

    def on_recipient(self, greeting: Greeting, envelope: Envelope, address: str) -> str | None:
        """Refuse no address for good; for now, what is beyond a limit of connections, messages, recipients or time."""
        if not judge(address).is_valid:
            return "501 5.1.3 Bad recipient address syntax"
        provider = self._provider(address)
        if provider is None:
            return None
        counts = self._counts[provider.id]
        counts.connected.add(greeting.number)
        for kind, count in (
            ("connections", len(counts.connected)),
            ("messages-per-connection", counts.messages[greeting.number] + 1),
            ("recipients-per-message", len(envelope.recipients) + 1),
        ):
            wanted = _requirement(provider, kind)
            if wanted is not None and wanted.value is not None and count > wanted.value:
                counts.connected.discard(greeting.number)
                return _deferred(provider, wanted)
        return self._beyond_window(provider, counts)

    def on_message(self, greeting: Greeting, envelope: Envelope) -> str | None:
        """Count a message, and refuse it without a signature where the provider asks everybody, or this sender, for one."""
        header = read_header(envelope.content)
        providers = {found.id: found for one in envelope.recipients if (found := self._provider(one))}
        for provider in providers.values():
            refusal = self._unsigned(provider, header)
            if refusal is not None:
                return refusal
        for name, provider in providers.items():
            counts = self._counts[name]
            asked = provider.requirement("dkim")
            if asked and asked.threshold:
                instants = counts.instants[f"from {header.from_domain}"]
                instants.append(self._clock())
                if len(instants) > asked.threshold.count:
                    instants.popleft()
            counts.messages[greeting.number] += 1
            for limit in _limits(name):
                counts.instants[limit.name].append(self._clock())
        return None

    def on_close(self, greeting: Greeting) -> None:
        """Forget a connection."""
        for counts in self._counts.values():
            counts.connected.discard(greeting.number)
            counts.messages.pop(greeting.number, None)

    def _provider(self, address: str) -> Provider | None:
        return self._only or provider_by_domain(domain_of(comparable(address)))

    def _unsigned(self, provider: Provider, header: Header) -> str | None:
        wanted = provider.requirement("dkim")
        told = wanted.consequence if wanted else None
        if wanted is None or told is None or told.effect != "refused" or _SIGNATURE in header.names:
            return None
        if wanted.threshold and not self._is_large(provider, header, wanted.threshold):
            return None
        code = told.code or ""
        return f"{code} DKIM-Signature missing" if _NEVER.match(code) else "550 5.7.20 No DKIM signature"

    def _is_large(self, provider: Provider, header: Header, threshold: Threshold) -> bool:
        """Say whether the provider has taken so many messages of one From domain that it asks more of it."""
        instants, now = self._counts[provider.id].instants[f"from {header.from_domain}"], self._clock()
        while instants and not threshold.is_permanent and instants[0] <= now - threshold.window_s:
            instants.popleft()
        return len(instants) >= threshold.count

    def _beyond_window(self, provider: Provider, counts: _Counts) -> str | None:
        now = self._clock()
        for limit in _limits(provider.id):
            instants = counts.instants[limit.name]
            while instants and instants[0] <= now - limit.window_s:
                instants.popleft()
            if len(instants) >= limit.max:
                return _deferred(provider, None)
        return None


def _limits(provider: str) -> tuple[LimitRule, ...]:
    return tuple(
        rule
        for rule in provider_limits()
        if rule.provider == provider and rule.scope in _OF_A_PROVIDER and rule.effect is not Effect.OBLIGATION
    )


def _requirement(provider: Provider, kind: str) -> Requirement | None:
    """Return what a provider asks of every sender."""
    return next((one for one in provider.requirements if one.kind == kind and one.threshold is None), None)


def _deferred(provider: Provider, wanted: Requirement | None) -> str:
    """Return the answer that asks to come later, in the provider's own code where one is known."""
    own = wanted.consequence.code if wanted is not None and wanted.consequence else None
    codes = [own or "", *(one.code for one in provider.codes)]
    code = next((code for code in codes if _LATER.match(code)), "450 4.7.1")
    return f"{code} Try again later"
