"""What is known about the campaign's sender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mailaudit.facts.observed import Observed
from mailaudit.facts.sender.dkim.observe import DkimFacts
from mailaudit.facts.sender.dmarc.observe import DmarcFacts
from mailaudit.facts.sender.sends_via import SendsVia
from mailaudit.facts.sender.spf.model import SpfFacts


@dataclass(frozen=True, slots=True)
class SenderFacts:
    """The sender's names and what DNS says about them.

    `mail_from_domains` are those whose SPF counts. `organizational_domain` is the registered domain of the From
    address. `platform` is the platform that the campaign declares; missing when none is, or `none` is said.
    `platform_includes` are the names that its SPF needs. `sends_via_reasons` are the observations behind `sends_via`, as
    sentence fragments.
    """

    from_domain: str
    mail_from_domain: str
    mail_from_domains: tuple[str, ...]
    organizational_domain: str
    spf_by_domain: Mapping[str, SpfFacts]
    dkim: tuple[DkimFacts, ...]
    dmarc: DmarcFacts
    sends_via: Observed[SendsVia]
    sends_via_reasons: tuple[str, ...] = ()
    platform: str | None = None
    platform_includes: tuple[str, ...] = ()

    def spf(self, domain: str) -> SpfFacts:
        """Return the SPF facts of one of `mail_from_domains`."""
        return self.spf_by_domain[domain]
