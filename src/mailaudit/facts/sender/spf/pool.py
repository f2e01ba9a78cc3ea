"""The service whose servers stand for the campaign's when it names no address: who it is, and one address of its own.

Reading the knowledge base takes as long as a DNS answer: what reads it is called in a thread, while DNS is asked.
"""

from msgspec import Struct

from mailaudit.facts.dns.records import IpAddress
from mailaudit.facts.sender.names import organizational_domain
from mailaudit.facts.sender.spf.lookup_tree import SpfNode
from mailaudit.facts.sender.spf.record import Qualifier


class Pool(Struct, frozen=True):
    """A service with the SPF includes that it asks for.

    `is_mailbox` says that it carries mail under the sender's own MAIL FROM, so that SPF is judged without its include
    too; `is_sure` that it was recognised by its very name and not by that of its firm.
    """

    name: str
    includes: tuple[str, ...]
    is_mailbox: bool = False
    is_sure: bool = True


def find_pool(declared: str | None, submission_host: str | None) -> Pool | None:
    """Return the declared platform, or the mailbox service that is declared or that takes the mail."""
    from mailaudit.knowledge.lookup import platform_named  # noqa: PLC0415 - see above
    from mailaudit.knowledge.types.platform import EvidenceKind  # noqa: PLC0415 - see above

    platform = platform_named(declared) if declared else None
    if platform:
        return Pool(platform.name, platform.values(EvidenceKind.SPF_INCLUDE))
    return _mailbox_pool(declared, submission_host)


def _mailbox_pool(declared: str | None, host: str | None) -> Pool | None:
    from mailaudit.knowledge.load import mailbox_services  # noqa: PLC0415 - see above
    from mailaudit.knowledge.receivers import mailbox_service_by, mailbox_service_named  # noqa: PLC0415 - see above
    from mailaudit.knowledge.types.fact import Confidence  # noqa: PLC0415 - see above

    named = mailbox_service_named(declared) if declared else None
    taking = (mailbox_service_by("smtp_hosts", host) or mailbox_service_by("mx", host)) if host else None
    for service in filter(None, (named, taking)):
        if service.spf and service.provenance.confidence is not Confidence.LOW:
            return Pool(service.name, service.spf, is_mailbox=True)
    # A firm's other endpoints (a relay, an exchange) send from the same addresses as the one that is known.
    firm = organizational_domain(host) if host else None
    for service in mailbox_services():
        hosts = service.smtp_hosts if service.spf and service.provenance.confidence is Confidence.HIGH else ()
        if firm and any(organizational_domain(one) == firm for one in hosts):
            return Pool(service.name, service.spf, is_mailbox=True, is_sure=False)
    return None


def address_in(survey: SpfNode, includes: tuple[str, ...]) -> IpAddress | None:
    """Return an address of the first range that an include of the service allows."""
    for node in survey.walk():
        if node.domain not in includes:
            continue
        for below in node.walk():
            for mechanism in below.record.effective_mechanisms if below.record else ():
                if mechanism.network is not None and mechanism.qualifier is Qualifier.PASS:
                    return mechanism.network.network_address
    return None
