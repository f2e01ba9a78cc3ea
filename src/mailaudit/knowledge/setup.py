"""The DNS records that a platform asks its customers to publish, put together from its traces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailaudit.knowledge import load
from mailaudit.knowledge.model import Evidence, EvidenceKind, Platform, Provenance, SpfAlignment
from mailaudit.knowledge.patterns import is_template

_OWN_SELECTOR = re.compile(r"([^.<]+)\._domainkey\.")


@dataclass(frozen=True, slots=True)
class SetupRecord:
    """One record to publish.

    `purpose` is `dkim`, `spf`, `return-path` or `tracking`. `value` is zone-file text: `<N>` and `<id>` stand for
    what the platform shows in its settings, and `is_exact` says that neither name nor value holds any.
    """

    purpose: str
    name: str
    type: str
    value: str
    provenance: Provenance

    @property
    def is_exact(self) -> bool:
        """Whether the record can be published as it stands."""
        return not is_template(self.name) and not is_template(self.value)

    @property
    def line(self) -> str:
        """The record as a line of a zone file."""
        value = f'"{self.value}"' if self.type == "TXT" else self.value
        return f"{self.name}. 3600 IN {self.type} {value}"


def setup_records(platform: Platform, domain: str) -> tuple[SetupRecord, ...]:
    """Return what a platform asks to publish under a domain; empty when the knowledge base does not tell."""
    return (
        *_dkim(platform, domain),
        *_return_path(platform, domain),
        *_spf(platform, domain),
        *_links(platform, domain),
    )


def _of(platform: Platform, kind: EvidenceKind) -> list[Evidence]:
    return [item for item in platform.evidence if item.kind is kind]


def _dkim(platform: Platform, domain: str) -> Iterator[SetupRecord]:
    targets, selectors = _of(platform, EvidenceKind.DKIM_TARGET), _of(platform, EvidenceKind.DKIM_SELECTOR)
    best = max((item.provenance.confidence.rank for item in selectors), default=0)
    selectors = [item for item in selectors if item.provenance.confidence.rank == best]
    for selector, target in _paired(selectors, targets):
        name = f"{selector}._domainkey.{domain}"
        yield SetupRecord("dkim", name, "CNAME", f"{target.value}.", target.provenance)
    if not targets:
        # A name that many services use tells nobody which record is meant.
        shared = load.shared_selectors()
        for item in (one for one in selectors if one.value not in shared):
            name = f"{item.value}._domainkey.{domain}"
            yield SetupRecord("dkim", name, "TXT", "v=DKIM1; k=rsa; p=<id>", item.provenance)


def _paired(selectors: list[Evidence], targets: list[Evidence]) -> Iterator[tuple[str, Evidence]]:
    names = [item.value for item in selectors]
    for place, target in enumerate(targets):
        own = _OWN_SELECTOR.match(target.value)
        first = target.value.partition(".")[0]
        if own:
            yield own[1], target
        elif first in names:
            yield first, target
        elif len(targets) == 1:
            yield from ((name, target) for name in names or ["<id>"])
        elif not names:
            yield "<id>", target
        elif place < len(names):
            yield names[place], target


def _return_path(platform: Platform, domain: str) -> Iterator[SetupRecord]:
    for item in _of(platform, EvidenceKind.RETURN_PATH_TARGET)[:1]:
        yield SetupRecord(
            "return-path", f"{item.at or '<id>'}.{domain}", "CNAME", f"{item.value}.", item.provenance
        )
    for item in _of(platform, EvidenceKind.RETURN_PATH_MX)[:1]:
        yield SetupRecord(
            "return-path", f"{item.at or '<id>'}.{domain}", "MX", f"10 {item.value}.", item.provenance
        )


def _spf(platform: Platform, domain: str) -> Iterator[SetupRecord]:
    if platform.spf_aligns is SpfAlignment.NEVER or _of(platform, EvidenceKind.RETURN_PATH_TARGET):
        return
    for item in _of(platform, EvidenceKind.SPF_INCLUDE)[:1]:
        name = f"{item.at}.{domain}" if item.at else domain
        yield SetupRecord("spf", name, "TXT", f"v=spf1 include:{item.value} ~all", item.provenance)


def _links(platform: Platform, domain: str) -> Iterator[SetupRecord]:
    for item in _of(platform, EvidenceKind.TRACKING_TARGET)[:1]:
        yield SetupRecord("tracking", f"{item.at or '<id>'}.{domain}", "CNAME", f"{item.value}.", item.provenance)
