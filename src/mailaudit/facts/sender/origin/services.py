"""The map of the sender: every service that may send for its domain, what shows it, and which look unused."""

from msgspec import Struct

from mailaudit.facts.sender.mail_servers.mx import MailExchange
from mailaudit.facts.sender.origin.conclusion import Verdict
from mailaudit.facts.sender.origin.evidence import Clue, Place
from mailaudit.knowledge import load
from mailaudit.knowledge.receivers import mailbox_service_by

_HOSTERS = {"hosting": "hoster", "cloud": "hoster", "isp": "isp", "gateway": "gateway"}
# Of these nothing tells whether the campaign could leave there.
_NO_SERVICE = frozenset({"hoster", "isp", "gateway", "unknown"})


class Service(Struct, frozen=True):
    """One service; `id` is its name in the knowledge base.

    `kind` is `platform`, `mailbox`, `service` (known by name alone), `hoster`, `isp` (an access provider), `gateway` (a
    mail filter, or a relay of web hosts) or `unknown`. `shown_by` tells which records name it: `spf`, `dkim`, `bounces`,
    `ns` or `mx`; `seen` are the observations. `sends` says whether this campaign leaves through it. It looks unused when SPF
    alone names it.
    """

    name: str
    id: str | None
    kind: str
    shown_by: tuple[str, ...]
    seen: tuple[str, ...]
    sends: bool

    @property
    def looks_unused(self) -> bool:
        """Whether nothing but an include of a service that is known speaks for its being used."""
        return self.shown_by == ("spf",) and self.kind not in _NO_SERVICE and not self.sends


def services_of(verdict: Verdict, exchanges: tuple[MailExchange, ...]) -> tuple[Service, ...]:
    """Return the services that the sender's records name, in the order of evidence, those of its mailboxes last."""
    found: dict[str, list[tuple[str, str]]] = {}
    ids: dict[str, tuple[str | None, str]] = {}
    for clue in verdict.clues:
        if clue.record:
            found.setdefault(clue.name, []).append((clue.record, clue.seen))
            entry = clue.platform or clue.mailbox
            ids.setdefault(clue.name, (entry.id if entry else None, _kind(clue)))
    for exchange in exchanges:
        for host in exchange.hosts:
            service = mailbox_service_by("mx", host.name)
            if service:
                seen = f"mail to {exchange.domain} goes to {host.name}"
                found.setdefault(service.name, []).append(("mx", seen))
                ids.setdefault(service.name, (service.id, "mailbox"))
    involved = {one.id for one in (verdict.platform, verdict.transport, verdict.mailbox) if one}
    return tuple(
        Service(
            name=name,
            id=ids[name][0],
            kind=ids[name][1],
            shown_by=tuple(dict.fromkeys(record for record, _ in traces)),
            seen=tuple(dict.fromkeys(seen for _, seen in traces)),
            sends=ids[name][0] in involved
            or (not involved and any(seen in verdict.reasons for _, seen in traces)),
        )
        for name, traces in found.items()
    )


def _kind(clue: Clue) -> str:
    if clue.place in {Place.PLATFORM, Place.MAILBOX} and (clue.platform or clue.mailbox):
        return clue.place.value
    if any(clue.name == one.name for one in load.other_services()):
        return "service"
    if clue.platform:
        return "gateway"
    return next((_HOSTERS[one.kind] for one in load.hosters() if clue.name == one.name), "unknown")
