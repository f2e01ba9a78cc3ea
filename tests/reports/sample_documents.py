"""Documents made by hand, from which the formats' tests render."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from mailaudit.checks.finding import Confidence, Outcome, Owner, Severity
from mailaudit.reports import terminal
from mailaudit.reports.document.dns import AnswerEntry, DnsSection
from mailaudit.reports.document.fix import FixEntry
from mailaudit.reports.document.impact import ImpactEntry
from mailaudit.reports.document.providers import CellEntry, MatrixRow, MatrixSection
from mailaudit.reports.document.sender_parts.lookup_tree import SpfTermEntry
from mailaudit.reports.document.types import (
    CampaignEntry,
    CountsEntry,
    Document,
    EvidenceEntry,
    FactsSection,
    FindingEntry,
    GateEntry,
    InputEntry,
    LocationEntry,
    Provenance,
    ResultEntry,
    SuppressedEntry,
    Tool,
    UnverifiedEntry,
)
from mailaudit.reports.formats import RenderOptions

LONG_RECORD = (
    's1._domainkey.shop.example. 3600 IN TXT "v=DKIM1; k=rsa; p='
    + "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A" * 6
    + '" "'
    + "wIDAQABpretendkey" * 8
    + '"'
)
SPF_DOC = """A sending address is not allowed by the SPF record.

## Why it matters
Receivers look up which servers may send for your domain. Yours is **not** among them, so every message
fails SPF and rests on [DKIM](https://www.rfc-editor.org/rfc/rfc6376) alone.

A second paragraph that the terminal leaves out.

## How to fix
Add the address to the record.

## References
- [RFC 7208, section 4](https://www.rfc-editor.org/rfc/rfc7208#section-4)
"""


def finding(**changes: Any) -> FindingEntry:
    """Return a finding of severity error, changed as wanted."""
    values: dict[str, Any] = {
        "fingerprint": "0011223344556677",
        "severity": Severity.ERROR,
        "confidence": Confidence.HIGH,
        "subject": "shop.example",
        "message": "The SPF record of shop.example does not allow 203.0.113.25, from which this campaign is sent.",
        "location": LocationEntry(path="campaign.yml", line=12, column=3),
        "evidence": (EvidenceEntry(label="SPF record", value="v=spf1 include:_spf.mail.example -all"),),
        "fix": FixEntry(
            owner=Owner.DNS_ADMIN,
            steps=(
                "Open the DNS zone of shop.example.",
                "Replace the TXT record that begins with v=spf1 by this one:",
            ),
            dns_record='shop.example. 3600 IN TXT "v=spf1 ip4:203.0.113.25 include:_spf.mail.example -all"',
        ),
    }
    return FindingEntry(**{**values, **changes})


def result(check: str = "spf-does-not-authorize-sender", **changes: Any) -> ResultEntry:
    """Return a result that passed, changed as wanted."""
    values: dict[str, Any] = {
        "family": "sender",
        "severity": Severity.ERROR,
        "outcome": Outcome.PASSED,
        "title": f"The title of {check}.",
        "passed_message": f"All is well with {check}.",
    }
    return ResultEntry(check=check, **{**values, **changes})


def document(results: tuple[ResultEntry, ...] = (), **changes: Any) -> Document:
    """Return a document whose counts and verdict follow from the results, changed as wanted."""
    found = [item for entry in results for item in entry.findings]
    live = [item.severity.value for item in found if item.suppressed is None]
    outcomes = [entry.outcome.value for entry in results]
    counts = CountsEntry(
        **{severity: live.count(severity) for severity in ("error", "warning", "note")},
        **{outcome: outcomes.count(outcome) for outcome in ("unverified", "crashed")},
        suppressed=len(found) - len(live),
    )
    incomplete = any(entry.unverified and entry.severity is Severity.ERROR for entry in results)
    verdict = (
        "not-ready"
        if counts.error
        else "incomplete"
        if incomplete
        else "ready-with-warnings"
        if counts.warning
        else "ready"
    )
    values: dict[str, Any] = {
        "tool": Tool(version="0.1.0"),
        "generated_at": datetime(2026, 11, 30, 10, 0, tzinfo=UTC),
        "campaign": CampaignEntry(
            name="Winter letter", file="campaign.yml", sha256="ab" * 32, from_domain="shop.example"
        ),
        "verdict": verdict,
        "counts": counts,
        "results": results,
        "facts": FactsSection(sender={}),
        "gate": GateEntry(exit_code={"not-ready": 1, "incomplete": 3}.get(verdict, 0)),
        "provenance": Provenance(
            resolver="zone files only: acme.zone", inputs=(InputEntry(path="campaign.yml", sha256="ab" * 32),)
        ),
    }
    return Document(**{**values, **changes})


def troubled() -> Document:
    """Return the report of a shop that mails from its own web server: something of everything."""
    results = (
        result(
            outcome=Outcome.FAILED,
            doc=SPF_DOC,
            findings=(
                finding(
                    impact=ImpactEntry(recipients=6000, share=1.0, providers=("gmail", "orange", "yahoo", "other"))
                ),
            ),
        ),
        result(
            "dkim-key-missing",
            outcome=Outcome.FAILED,
            doc="No DKIM key is published.\n\n## Why it matters\nWithout DKIM nothing proves who wrote it.\n",
            findings=(
                finding(
                    fingerprint="1111222233334444",
                    message="No DKIM key is published for selector s1 of shop.example.",
                    location=LocationEntry(path="campaign.yml", line=19, column=7),
                    evidence=(EvidenceEntry(label="Asked", value="s1._domainkey.shop.example TXT: NXDOMAIN"),),
                    fix=FixEntry(
                        owner=Owner.DNS_ADMIN,
                        steps=("Take the public key from your sending software.", "Publish it as this record:"),
                        dns_record=LONG_RECORD,
                    ),
                    impact=ImpactEntry(recipients=4130, share=0.688, providers=("gmail", "yahoo")),
                ),
            ),
        ),
        result("spf-missing"),
        result("spf-too-many-lookups", passed_message="SPF stays within ten DNS look-ups."),
        result(
            "dmarc-policy-none",
            severity=Severity.WARNING,
            outcome=Outcome.FAILED,
            findings=(
                finding(
                    fingerprint="2222333344445555",
                    severity=Severity.WARNING,
                    message="DMARC of shop.example only watches (p=none): anybody can still write in your name.",
                    location=None,
                    evidence=(),
                    fix=FixEntry(
                        owner=Owner.DNS_ADMIN,
                        steps=("Read two weeks of DMARC reports.", "Then raise the policy to quarantine."),
                        dns_record='_dmarc.shop.example. 3600 IN TXT "v=DMARC1; p=quarantine"',
                    ),
                ),
            ),
        ),
        result(
            "ip-blocklisted",
            outcome=Outcome.UNVERIFIED,
            gate_when_unverified=False,
            reason="DNS timed out",
            unverified=(
                UnverifiedEntry(subject="203.0.113.25", reason="DNS timed out for 25.113.0.203.bl.example A"),
                UnverifiedEntry(subject="203.0.113.26", reason="DNS timed out for 26.113.0.203.bl.example A"),
            ),
        ),
        result(
            "address-role",
            family="recipients",
            severity=Severity.NOTE,
            outcome=Outcome.FAILED,
            findings=(
                finding(
                    fingerprint="3333444455556666",
                    severity=Severity.NOTE,
                    confidence=Confidence.MEDIUM,
                    subject="recipients.csv",
                    message="12 addresses belong to a role, such as info@ or sales@, not to a person.",
                    location=LocationEntry(path="recipients.csv", line=41),
                    evidence=(EvidenceEntry(label="Line 41", value="i…@firm.example"),),
                    fix=FixEntry(owner=Owner.LIST_OWNER, steps=("Ask whether they agreed to be mailed.",)),
                ),
                finding(
                    fingerprint="4444555566667777",
                    severity=Severity.NOTE,
                    subject="old.csv",
                    message="3 more in old.csv.",
                    suppressed=SuppressedEntry(reason="they wrote to us", until="2027-01-31"),
                ),
            ),
        ),
        result("address-invalid", family="recipients", passed_message="Every address can exist."),
        result(
            "one-click-unsubscribe-missing",
            family="message",
            outcome=Outcome.SKIPPED,
            reason="the campaign names no message",
        ),
        result(
            "header-duplicate", family="message", outcome=Outcome.SKIPPED, reason="the campaign names no message"
        ),
    )
    return document(results, facts=facts())


def facts() -> FactsSection:
    """Return the facts of the shop: a list, a schedule over its limit, two DNS answers."""
    providers = (("gmail", 2410), ("orange", 1720), ("yahoo", 1720), ("other", 150))
    return FactsSection(
        sender={
            "mail_from_domain": "shop.example",
            "organizational_domain": "shop.example",
            "sends_via": "own-server",
            "platform": None,
            "spf": {"result": "fail", "lookups": 2, "void_lookups": 0},
            "dkim": [],
            "dmarc": {
                "policy": "none",
                "published_at": "_dmarc.shop.example",
                "aligned": {"spf": False, "dkim": False},
            },
        },
        recipients={
            "rows": 6200,
            "valid": 6100,
            "invalid": 90,
            "unreadable": 10,
            "duplicates": 100,
            "unique": 6000,
            "domains": 240,
            "suppressed": 37,
            "role": 12,
            "disposable": 0,
            "typo": 4,
            "undeliverable_domain": 0,
            "providers": [
                {"provider": name, "recipients": count, "share": count / 6000} for name, count in providers
            ],
        },
        volume={
            "messages": 6000,
            "starts_at": "2026-12-01T09:00:00+01:00",
            "ends_at": "2026-12-01T10:40:00+01:00",
            "series": {
                "key": "contact@shop.example",
                "window_s": 600,
                "limit": 400,
                "step_s": 60.0,
                "values": [*range(0, 600, 60), *(600 for _ in range(90)), *range(600, 0, -60)],
            },
            "peaks": [
                {
                    "scope": "sender",
                    "key": "contact@shop.example",
                    "window_s": 600,
                    "peak": 600,
                    "at": "2026-12-01T09:10:00+01:00",
                    "limit": 400,
                    "limit_source": "mailaudit's default for an ordinary address",
                    "first_breach_at": "2026-12-01T09:06:40+01:00",
                    "first_breach_message": 401,
                    "remedy": {"rate": "39/min", "ends_at": "2026-12-01T11:34:00+01:00", "seconds": 9231.0},
                },
                {
                    "scope": "provider",
                    "key": "gmail",
                    "window_s": 86400,
                    "peak": 2410,
                    "at": "2026-12-01T09:00:00+01:00",
                    "limit": 5000,
                    "limit_source": "https://support.google.com/a/answer/81126",
                    "first_breach_at": None,
                    "first_breach_message": None,
                },
            ],
        },
        message={},
        providers_matrix=matrix(),
        spf_tree=(
            SpfTermEntry(depth=0, term="", domain="shop.example", state="record", lookups=4),
            SpfTermEntry(
                depth=1, term="include:_spf.mail.example", domain="_spf.mail.example", state="record", lookups=3
            ),
            SpfTermEntry(depth=2, term="include:gone.example", domain="gone.example", state="missing", lookups=1),
            SpfTermEntry(
                depth=2, term="a:out.mail.example", domain="out.mail.example", state="addresses", lookups=1
            ),
            SpfTermEntry(depth=1, term="mx", domain="shop.example", state="addresses", lookups=1),
        ),
        dns=DnsSection(
            queries=2,
            answers=(
                AnswerEntry(
                    name="_dmarc.shop.example", type="TXT", status="answer", records=('"v=DMARC1; p=none"',)
                ),
                AnswerEntry(
                    name="s1._domainkey.shop.example", type="TXT", status="nxdomain", source="zone acme.zone"
                ),
            ),
        ),
    )


def matrix() -> MatrixSection:
    """Return how the shop stands with its four providers; of one nothing is known."""

    def cell(requirement: str, state: str, **more: Any) -> CellEntry:
        return CellEntry(
            requirement=requirement, state=state, text=f"{requirement} is asked.", confidence="high", **more
        )

    refused = {"effect": "refused", "code": "550 5.7.27"}
    cells = {
        "gmail": (
            cell("authentication", "unmet", effect="refused", code="550 5.7.26"),
            cell("spf", "not-required", threshold=5000, **refused),
            cell("dkim", "not-required", threshold=5000, **refused),
            cell("reverse-dns", "unverified", effect="refused"),
            cell("tls", "unverified", effect="deferred"),
        ),
        "orange": (
            cell("spf", "unmet", effect="refused"),
            cell("dkim", "unmet", effect="refused", code="535"),
            cell("dmarc", "met", effect="refused"),
            cell("connections", "unverified", effect="deferred"),
        ),
        "yahoo": (cell("dmarc", "met"), cell("one-click", "unverified")),
    }
    rows = (
        MatrixRow(provider=name, name=shown, recipients=count, share=count / 6000, cells=cells.get(name, ()))
        for name, shown, count in (
            ("gmail", "Gmail", 2410),
            ("orange", "Orange and Wanadoo", 1720),
            ("yahoo", "Yahoo (and AOL)", 1720),
            ("other", "other", 150),
        )
    )
    kinds = ("authentication", "spf", "dkim", "dmarc", "reverse-dns", "tls", "one-click", "connections")
    return MatrixSection(requirements=kinds, rows=tuple(rows))


HOSTILE = (
    "\x1b[2J\x1b]0;owned\x07[bold]<script>alert(1)</script>\u202egnp.exe\r\n::error::x]]>\ud800 %0A&#x3c;|`*_"
)


def hostile(text: str = HOSTILE) -> Document:
    """Return a document with live text wherever the world can write."""
    changed = finding(
        subject=text,
        message=f"Cell {text}",
        location=LocationEntry(path=f"dir/{text}.csv", line=3),
        evidence=(EvidenceEntry(label=text, value=text),),
        fix=FixEntry(owner=Owner.LIST_OWNER, steps=(text,), dns_record=f'x. IN TXT "{text}"'),
        impact=ImpactEntry(recipients=1, share=0.5, providers=(text,)),
    )
    results = (
        result(
            outcome=Outcome.FAILED, findings=(changed, *_hostile_suppressed(changed, text)), doc=text, title=text
        ),
        result("address-role", passed_message=text),
        result(
            "dkim-key-missing",
            outcome=Outcome.UNVERIFIED,
            reason=text,
            unverified=(UnverifiedEntry(subject=text, reason=text),),
        ),
        result("header-duplicate", outcome=Outcome.SKIPPED, reason=text),
    )
    campaign = CampaignEntry(name=text, file=f"{text}.yml", sha256="ab" * 32, from_domain="shop.example")
    answer = AnswerEntry(name=text, type="TXT", status="answer", records=(text,), source=text)
    told = FactsSection(
        sender={},
        recipients={
            "rows": 2,
            "unique": 2,
            "providers": [{"provider": _encodable(text), "recipients": 2, "share": 1.0}],
        },
        spf_tree=(
            SpfTermEntry(depth=0, term="", domain=text, state="record", lookups=11),
            SpfTermEntry(depth=1, term=text, domain=text, state="missing", lookups=11),
        ),
        volume={
            "messages": 2,
            "series": {"key": _encodable(text), "window_s": 60, "step_s": 1, "values": [2]},
            "peaks": [{"scope": "x", "key": _encodable(text), "window_s": 60, "peak": 2, "limit": 1}],
        },
        providers_matrix=MatrixSection(requirements=("spf",), rows=(_hostile_row(text),)),
        dns=DnsSection(queries=1, answers=(answer,)),
    )
    return document(results, campaign=campaign, facts=told)


def _hostile_suppressed(entry: FindingEntry, text: str) -> tuple[FindingEntry, ...]:
    suppressed = SuppressedEntry(reason=text, until="2027-01-31")
    return (entry.model_copy(update={"suppressed": suppressed, "fingerprint": "9" * 16}),)


def _hostile_row(text: str) -> MatrixRow:
    cells = tuple(
        CellEntry(requirement=kind, state="unmet", text=text, effect="refused", code=text, confidence="high")
        for kind in ("spf", "rate")
    )
    return MatrixRow(provider=_encodable(text), name=text, recipients=2, share=1.0, cells=cells)


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def shown(told: Document, **look: Any) -> str:
    """Return a document as terminal text."""
    return terminal.render(told, RenderOptions(**look))
