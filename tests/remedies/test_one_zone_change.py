"""All proposals for now are one change of the zone: applied together or one by one they make nothing worse."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.api import DnsOptions, Options, Report, audit, load_campaign
from mailaudit.checks.finding import Finding, Owner, Severity
from mailaudit.checks.remedy import Action, RecordChange, Stage
from mailaudit.facts.sender.dmarc.record import Policy
from mailaudit.facts.sender.spf.model import SpfResult
from support.effort import examples

CAMPAIGN = """from: news@acme.example
sending: {ips: [203.0.113.25], dkim: [{selector: s1, domain: acme.example}]}
"""
BOUNCES = f"{CAMPAIGN}return_path: bounce.acme.example\n"
NOW = datetime(2026, 11, 30, tzinfo=UTC)
COMMON = """$MAILAUDIT_CLOSED_WORLD
$TTL 600
acme.example. IN SOA ns1.acme.example. host.acme.example. 1 1 1 1 1
acme.example. IN MX 10 mx.acme.example.
mx.acme.example. IN A 198.51.100.1
mail.acme.example. IN A 203.0.113.25
25.113.0.203.in-addr.arpa. IN PTR mail.acme.example.
partner.example. IN SOA ns1.partner.example. host.partner.example. 1 1 1 1 1
spf.partner.example. IN TXT "v=spf1 ip4:192.0.2.0/28 -all"
mild.partner.example. IN TXT "v=spf1 ip4:192.0.2.64/28 ?all"
open.partner.example. IN TXT "v=spf1 +all"
k7.partner.example. IN TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
dm.partner.example. IN TXT "v=DMARC1; p=none; rua=mailto:d@acme.example"
"""
KEY = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
APEX, POLICY, SELECTOR = "acme.example.", "_dmarc.acme.example.", "s1._domainkey.acme.example."


def txt(name: str, *texts: str) -> list[str]:
    return [f'{name} IN TXT "{text}"' for text in texts]


SPF = {
    "nothing": [],
    "good": txt(APEX, "v=spf1 ip4:203.0.113.25 -all"),
    "another address": txt(APEX, "v=spf1 ip4:198.51.100.7 -all"),
    "a redirect beside all": txt(APEX, "v=spf1 ip4:198.51.100.7 redirect=spf.partner.example -all"),
    "the world behind all": txt(APEX, "v=spf1 ip4:198.51.100.7 -all ip4:0.0.0.0/0"),
    "no all": txt(APEX, "v=spf1 ip4:198.51.100.7"),
    "a slip": txt(APEX, "v=spf1, ipv4:198.51.100.7, include:spf.partner.example, -all"),
    "everybody": txt(APEX, "v=spf1 ip4:198.51.100.7 +all"),
    "two": txt(APEX, "v=spf1 redirect=spf.partner.example", "v=spf1 redirect=mild.partner.example"),
    "two of two kinds": txt(
        APEX, "v=spf1 ip4:198.51.100.7 redirect=spf.partner.example", "v=spf1 a:mail.acme.example ?all"
    ),
    "a look-alike beside": txt(APEX, "v=spf1 ip4:198.51.100.7 -all", "v=spf1;include:spf.partner.example;~all"),
    "Sender ID": txt(APEX, "spf2.0/mfrom,pra ip4:198.51.100.7 -all"),
    "Sender ID beside": txt(APEX, "v=spf1 mx -all", "spf2.0/pra ip4:198.51.100.7 -all"),
    "of the web site": txt("www.acme.example.", "v=spf1 a mx -all"),
    "doubled": txt("acme.example.acme.example.", "v=spf1 ip4:198.51.100.7 -all"),
    "open by its own include": [
        *txt(APEX, "v=spf1 ip4:198.51.100.7 include:o.acme.example -all"),
        *txt("o.acme.example.", "v=spf1 ip4:198.51.100.9 +all"),
    ],
    "a slip in its own include": [
        *txt(APEX, "v=spf1 include:o.acme.example -all"),
        *txt("o.acme.example.", "v=spf1 ipv4:198.51.100.9 -all"),
    ],
    "open by another's": txt(APEX, "v=spf1 include:open.partner.example -all"),
}
DMARC = {
    "nothing": [],
    "good": txt(POLICY, "v=DMARC1; p=reject; rua=mailto:d@acme.example"),
    "outdated": txt(POLICY, "v=DMARC1; p=none; pct=50; ri=3600; rua=mailto:d@acme.example"),
    "a slip": txt(POLICY, "v=DMARC1, p=quarantine, rua=d@acme.example"),
    "two": txt(POLICY, "v=DMARC1; p=reject; t=y; rua=mailto:a@acme.example", "v=DMARC1; p=quarantine; sp=none"),
    "doubled": txt("_dmarc.acme.example.acme.example.", "v=DMARC1; p=reject; rua=mailto:d@acme.example"),
    "no final dot": [f"{POLICY} IN CNAME dm.partner.example.acme.example."],
    "another's": [f"{POLICY} IN CNAME gone.partner.example."],
    "at an alias of its own": [
        f"{POLICY} IN CNAME policy.acme.example.",
        *txt("policy.acme.example.", "v=DMARC1; p=none, rua=mailto:d@acme.example"),
    ],
    "strict": txt(POLICY, "v=DMARC1; p=reject; adkim=s; aspf=s; rua=mailto:d@acme.example"),
}
DKIM = {
    "nothing": [],
    "good": txt(SELECTOR, KEY),
    "escaped at an alias": [
        f"{SELECTOR} IN CNAME k.acme.example.",
        *txt("k.acme.example.", KEY.replace(";", "\\\\;")),
    ],
    "no final dot": [f"{SELECTOR} IN CNAME k7.partner.example.acme.example."],
    "without _domainkey": txt("s1.acme.example.", KEY),
    "as a test": txt(SELECTOR, KEY.replace("k=", "t=y; k=")),
}
OTHER = {
    "nothing": (CAMPAIGN, []),
    "every name an alias": (CAMPAIGN, ["*.acme.example. IN CNAME acme.example."]),
    "every name another's": (CAMPAIGN, ["*.acme.example. IN CNAME parking.partner.example."]),
    "bounces": (BOUNCES, ["bounce.acme.example. IN MX 10 mx.acme.example."]),
    "bounces at another's": (BOUNCES, ["bounce.acme.example. IN CNAME spf.partner.example."]),
    "bounces without final dot": (BOUNCES, ["bounce.acme.example. IN CNAME spf.partner.example.acme.example."]),
    "transport": (
        CAMPAIGN,
        [
            *txt("_mta-sts.acme.example.", "v=STSv1; id=2020-01-01;", "v=STSv1; id=2;"),
            *txt("_smtp._tls.acme.example.", "v=TLSRPTv1, rua=t@acme.example"),
        ],
    ),
}


def report(folder: Path, campaign: str, lines: Iterable[str]) -> Report:
    (folder / "c.yml").write_text(campaign, encoding="utf-8")
    (folder / "w.zone").write_text(COMMON + "\n".join(lines) + "\n", encoding="utf-8")
    plan, source = load_campaign(folder / "c.yml")
    options = Options(dns=DnsOptions(zones=(folder / "w.zone",)), now=NOW, select=("sender",))
    return audit(plan, source, options)


def findings(found: Report) -> Iterator[Finding]:
    return (one for result in found.results for one in result.findings)


def errors(found: Report) -> set[tuple[str, str]]:
    return {(one.check, one.subject) for one in findings(found) if one.severity is Severity.ERROR}


def records(found: Iterable[Finding]) -> list[RecordChange]:
    remedies = [one.fix.remedy for one in found if one.fix.remedy]
    return list(dict.fromkeys(record for one in remedies if one.stage is Stage.NOW for record in one.records))


def applied(lines: Iterable[str], changes: Iterable[RecordChange]) -> list[str]:
    """Return the zone with records as an administrator would type them."""
    left, added = list(lines), []
    for one in changes:
        place = f"{one.name}. IN {one.type} "
        gone = {plain(place + text) for text in one.replaces}
        left = [line for line in left if not (line.startswith(place) and plain(line) in gone)]
        if one.action is not Action.REMOVE:
            added.append(one.line)
    return [*left, *dict.fromkeys(added)]


def plain(text: str) -> str:
    return re.sub(r'[\\"\s]', "", text).rstrip(".")


def strictness(found: Report) -> int:
    policy = found.facts.sender.dmarc.tree_walk.value
    applies = found.facts.sender.dmarc.policy_of(policy) if policy else None
    return list(Policy).index(applies) if applies else -1


def assert_better(before: Report, after: Report, mended: Iterable[Finding]) -> None:
    assert errors(after) <= errors(before)
    left = {(one.check, one.subject) for one in findings(after)}
    assert not left & {(one.check, one.subject) for one in mended}
    assert strictness(after) >= strictness(before)
    spf = [found.facts.sender.spf(found.facts.sender.mail_from_domain).result for found in (before, after)]
    assert SpfResult.PASS not in spf or spf[1] is SpfResult.PASS


def assert_one_change(folder: Path, campaign: str, lines: list[str]) -> None:
    before = report(folder, campaign, lines)
    mended = [one for one in findings(before) if records([one])]
    whole = records(mended)
    keys = [one.key for one in whole]
    assert len(keys) == len(set(keys)), whole
    for one in findings(before):
        if one.fix.remedy is None:
            assert not [step for step in one.fix.steps if re.search(r"\b(?:as|records?|one) below\b", step)], one
    if not mended:
        return
    after = report(folder, campaign, applied(lines, whole))
    assert_better(before, after, mended)
    assert not {one.key for one in records(findings(after))} & set(keys), records(findings(after))
    for one in mended:
        if records([one]) != whole:
            assert_better(before, report(folder, campaign, applied(lines, records([one]))), [one])


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(12))
@given(
    st.sampled_from(sorted(SPF)),
    st.sampled_from(sorted(DMARC)),
    st.sampled_from(sorted(DKIM)),
    st.sampled_from(sorted(OTHER)),
)
def test_one_round_of_proposals_makes_nothing_worse(spf: str, dmarc: str, dkim: str, other: str) -> None:
    campaign, lines = OTHER[other]
    with TemporaryDirectory() as name:
        assert_one_change(Path(name), campaign, [*SPF[spf], *DMARC[dmarc], *DKIM[dkim], *lines])


def test_what_is_for_later_is_made_out_of_what_is_for_now(tmp_path: Path) -> None:
    found = {
        one.check: one.fix.remedy
        for one in findings(report(tmp_path, CAMPAIGN, [*SPF["good"], *DMARC["outdated"], *DKIM["good"]]))
    }
    now, later = found["dmarc-outdated-tags"], found["dmarc-policy-none"]
    assert now is not None
    assert later is not None
    assert [one.value for one in now.records] == ["v=DMARC1; p=none; rua=mailto:d@acme.example"]
    assert (later.stage, [one.value for one in later.records]) == (
        Stage.LATER,
        ["v=DMARC1; p=quarantine; rua=mailto:d@acme.example"],
    )


def test_no_mail_server_is_asked_for_beside_an_alias(tmp_path: Path) -> None:
    lines = [*SPF["good"], *DMARC["good"], *DKIM["good"], *OTHER["bounces at another's"][1]]
    (found,) = [
        one for one in findings(report(tmp_path, BOUNCES, lines)) if one.check == "from-domain-receives-no-mail"
    ]
    assert "is an alias (CNAME) of spf.partner.example" in found.fix.steps[0]
    assert found.fix.owner is Owner.PLATFORM


def test_no_target_of_a_platform_ends_in_two_dots(tmp_path: Path) -> None:
    campaign = "from: news@acme.example\nsending: {platform: brevo}\n"
    shown = [step for one in findings(report(tmp_path, campaign, DMARC["good"])) for step in one.fix.steps]
    assert any("b1.<id>.dkim.brevo.com." in step for step in shown)
    assert not any(".." in step for step in shown)


def test_evidence_does_not_depend_on_the_order_of_an_answer(tmp_path: Path) -> None:
    lines = OTHER["transport"][1]
    one, other = (
        [found for found in findings(report(tmp_path, CAMPAIGN, order)) if found.check == "mta-sts-invalid"]
        for order in (lines, lines[::-1])
    )
    assert one == other != []


def test_a_strict_policy_comes_with_what_lets_the_campaign_pass(tmp_path: Path) -> None:
    doubled = [
        *txt("acme.example.acme.example.", "v=spf1 ip4:203.0.113.25 -all"),
        *txt("_dmarc.acme.example.acme.example.", "v=DMARC1; p=reject; rua=mailto:d@acme.example"),
        *txt("s1._domainkey.acme.example.acme.example.", KEY),
    ]
    found = list(findings(report(tmp_path, CAMPAIGN, doubled)))
    wrong = [one for one in found if one.fix.change and one.severity is Severity.ERROR]
    assert {one.subject for one in wrong} == {APEX[:-1], POLICY[:-1], SELECTOR[:-1]}
    assert [one for one in wrong if not records([one])] == []
    assert_one_change(tmp_path, CAMPAIGN, doubled)
