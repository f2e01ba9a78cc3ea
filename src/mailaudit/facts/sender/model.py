"""What is known about the campaign's sender."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from mailaudit.facts.observed import Observed
from mailaudit.facts.sender.dkim.observe import DkimFacts
from mailaudit.facts.sender.dkim.selectors import Guesses
from mailaudit.facts.sender.dkim.verify import SignedSample
from mailaudit.facts.sender.dmarc.observe import DmarcFacts
from mailaudit.facts.sender.mail_servers.mx import MailExchange
from mailaudit.facts.sender.mail_servers.receiving_security import TransportFacts
from mailaudit.facts.sender.origin.observe import OriginFacts
from mailaudit.facts.sender.origin.own_names import SendsVia
from mailaudit.facts.sender.spf.model import SpfFacts, SpfVerdict
from mailaudit.facts.sender.wrong_names import WrongNames

if TYPE_CHECKING:
    from mailaudit.facts.sender.bimi.observe import BimiFiles
    from mailaudit.facts.sender.mail_servers.mta_sts_policy import MtaStsPolicy
    from mailaudit.facts.sender.name_servers import NameServers


class SenderFacts(Struct, frozen=True):
    """The sender's names and what DNS says about them.

    `mail_from_domains` are those whose SPF counts. `organizational_domain` is the registered domain of the From
    address. `exchanges` tell where mail to the From, MAIL FROM and reply domains goes. `guesses` are common
    selectors, tried when none is known; `sample` is the sample message with its signatures verified; `helo` is the
    SPF of the HELO name for each address; `transport` protects mail to the From domain, and shows its logo.
    `origin` tells where the campaign leaves from and why we think so. `platform` is the platform that the campaign
    declares, or else the one that was recognised. `bimi` are the files of the logo record and `mta_sts_policy` the
    policy file, nothing unless fetching them is allowed.
    `wrong_names` are those at which records are published by mistake; `name_servers` what each server of the zone
    says, nothing without live DNS. `sends_via_reasons` are the observations behind
    `sends_via`, as sentence fragments.
    """

    from_domain: str
    mail_from_domain: str
    mail_from_domains: tuple[str, ...]
    organizational_domain: str
    spf_by_domain: Mapping[str, SpfFacts]
    dkim: tuple[DkimFacts, ...]
    dmarc: DmarcFacts
    exchanges: tuple[MailExchange, ...]
    guesses: Guesses | None
    sample: SignedSample | None
    helo: tuple[SpfVerdict, ...]
    transport: TransportFacts
    origin: OriginFacts
    wrong_names: WrongNames
    sends_via: Observed[SendsVia]
    sends_via_reasons: tuple[str, ...] = ()
    platform: str | None = None
    bimi: BimiFiles | None = None
    mta_sts_policy: Observed[MtaStsPolicy | None] | None = None
    name_servers: NameServers | None = None

    def spf(self, domain: str) -> SpfFacts:
        """Return the SPF facts of one of `mail_from_domains`."""
        return self.spf_by_domain[domain]

    @property
    def service_names(self) -> frozenset[str]:
        """Names of other people's machines that the sender's DNS leads to, SPF left aside."""
        hosts = {host.name for exchange in self.exchanges for host in exchange.hosts}
        return frozenset(hosts.union(*(key.answer.cname_chain for key in self.dkim)))
