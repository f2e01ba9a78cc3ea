from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mailaudit import DnsOptions, Domain, Options, audit, load_campaign
from mailaudit.checks.finding import Outcome, Owner, Severity
from mailaudit.checks.remedy import Action, Stage
from mailaudit.reports.content import headline
from mailaudit.reports.document.build import document
from mailaudit.reports.document.fix import FixEntry, ProofEntry, RecordEntry
from mailaudit.reports.document.impact import ImpactEntry
from mailaudit.reports.document.providers import CellEntry, MatrixRow, MatrixSection
from mailaudit.reports.document.task import TaskEntry
from mailaudit.reports.document.types import (
    Document,
    FactsSection,
    FindingEntry,
    LocationEntry,
    MagnitudeEntry,
    ResultEntry,
)
from mailaudit.reports.tasks.tasks import derived, now
from reports import sample_documents as sample

_WARNING = Severity.WARNING


def failed(check: str, *findings: FindingEntry, **changes: Any) -> ResultEntry:
    return sample.result(check, outcome=Outcome.FAILED, findings=findings, **changes)


def found(name: str, *steps: str, owner: Owner = Owner.SENDER, **changes: Any) -> FindingEntry:
    fix = FixEntry(owner=owner, steps=steps or (f"Mend {name}.",))
    return sample.finding(**{"fingerprint": name.ljust(16, "0"), "fix": fix, **changes})


def record(value: str, name: str = "@", **changes: Any) -> FixEntry:
    entry = RecordEntry(action=Action.REPLACE, zone="shop.example", name=name, type="TXT", ttl=60, value=value)
    line = f'{"shop.example" if name == "@" else f"{name}.shop.example"}. 60 IN TXT "{value}"'
    return FixEntry(
        owner=Owner.DNS_ADMIN,
        steps=("Publish the record below.",),
        dns_record=line,
        dns_records=(entry,),
        **changes,
    )


def checks(told: tuple[TaskEntry, ...]) -> list[list[str]]:
    return [[one.check for one in task.findings] for task in told]


def test_a_consequence_and_its_causes_are_one_task() -> None:
    told = derived(
        sample.document(
            (
                failed("dmarc-fails", found("a"), follows=("spf-*", "dkim-*")),
                failed("spf-missing", found("b")),
                failed("dkim-selector-unknown", found("c", severity=_WARNING)),
                failed("reverse-dns-missing", found("d")),
            )
        )
    )
    assert checks(told) == [["reverse-dns-missing"], ["spf-missing", "dmarc-fails", "dkim-selector-unknown"]]


def test_a_task_says_what_else_it_takes() -> None:
    told = derived(
        sample.document(
            (
                failed("dmarc-fails", found("a", "Mend SPF and DKIM."), follows=("spf-*", "dkim-*")),
                failed("spf-missing", found("b", fix=record("v=spf1 -all"))),
                failed("dkim-selector-unknown", found("c", "Switch DKIM on.", "Test it.", severity=_WARNING)),
            )
        )
    )
    assert [task.steps for task in told] == [("Switch DKIM on.",)]


def test_the_record_that_lets_the_mail_pass_names_a_task_that_has_several_causes() -> None:
    gains = ProofEntry(gains=("192.0.2.1",), lookups=1)
    records = record("v=spf1 ip4:192.0.2.1 -all", proof=gains).model_copy(
        update={"steps": ("Delete both records.", "Add the one below.", "Read it again.")}
    )
    (task,) = derived(
        sample.document(
            (
                failed("dmarc-fails", found("a"), follows=("spf-*", "dkim-*")),
                failed("dkim-key-revoked", found("b", "Find the selector.", owner=Owner.SERVER_ADMIN)),
                failed("spf-does-not-authorize-sender", found("c", fix=records)),
            )
        )
    )
    assert (task.title, task.owner) == ("Let 192.0.2.1 send as shop.example, and sign with DKIM", Owner.DNS_ADMIN)
    assert task.steps == ("Delete both records.", "Read it again.", "Find the selector.")


def test_several_records_are_to_be_replaced_and_ranges_that_others_bring_are_not_let_in() -> None:
    proof = ProofEntry(gains=("198.51.100.0/24", "192.0.2.1"), lookups=1)
    joined = record("v=spf1 ip4:192.0.2.1 -all", proof=proof).model_copy(
        update={"steps": ("Replace the 2 SPF records of shop.example by the one below, which allows all.",)}
    )
    (several,) = derived(sample.document((failed("spf-multiple-records", found("a", fix=joined)),)))
    (missing,) = derived(sample.document((failed("spf-missing", found("a", fix=joined)),)))
    assert several.title == "Replace the 2 SPF records of shop.example"
    assert missing.title == "Let 192.0.2.1 send as shop.example"


def test_what_differs_in_more_than_a_name_is_not_asked_likewise() -> None:
    one = found("a", "Before you send, see to one-click unsubscribe in the header, honoured within two days.")
    two = found("b", "Before you send, see to a Feedback-ID header.").model_copy(update={"subject": "orange"})
    (task,) = derived(sample.document((failed("bulk-sender-obligation", one, two),)))
    assert "likewise" not in task.title


def test_one_kind_of_rows_to_clean_is_told_as_several_are() -> None:
    told = found(
        "a",
        "Remove the 2 recipients.",
        "Run `mailaudit clean`.",
        magnitude=MagnitudeEntry(value=2, unit="recipients"),
    )
    (task,) = derived(sample.document((failed("recipient-suppressed", told),)))
    assert (task.title, task.command) == ("Clean the list: 2 on a suppression list", "mailaudit clean")


@pytest.mark.parametrize(
    ("check", "classes"), [("consent-missing", "old-consent"), ("address-machine-made", "machine-made")]
)
def test_no_command_removes_in_passing_who_is_to_be_asked_first(check: str, classes: str) -> None:
    many = MagnitudeEntry(value=900, unit="recipients")
    asked = found(
        "a", "Ask them.", f"Run `mailaudit clean --remove {classes}`.", severity=_WARNING, magnitude=many
    )
    banned = found("b", "Remove them (`mailaudit clean`).", magnitude=MagnitudeEntry(value=2, unit="recipients"))
    told = derived(sample.document((failed(check, asked), failed("recipient-suppressed", banned))))
    assert [(task.title, task.command) for task in told] == [
        ("Clean the list: 2 on a suppression list", "mailaudit clean"),
        ("Ask them", None),
    ]


def test_a_task_of_several_subjects_names_each() -> None:
    names = [found(f"{n}", f"Ask the owner of 192.0.2.{n}.", subject=f"192.0.2.{n}") for n in (1, 2, 3)]
    (task,) = derived(sample.document((failed("reverse-dns-missing", *names),)))
    assert (task.title, task.steps) == (
        "Ask the owner of 192.0.2.1, and likewise for 192.0.2.2 and 192.0.2.3",
        ("Ask the owner of 192.0.2.2.", "Ask the owner of 192.0.2.3."),
    )


def test_a_long_list_of_what_to_do_is_no_title() -> None:
    (task,) = derived(
        sample.document((failed("rule", found("a", f"Make sure of what Orange asks: {'this; ' * 40}.")),))
    )
    assert task.title == "Make sure of what Orange asks"


def test_a_consequence_without_a_cause_stands_alone() -> None:
    told = derived(sample.document((failed("dmarc-fails", found("a"), follows=("spf-*",)),)))
    assert checks(told) == [["dmarc-fails"]]


def test_findings_of_one_check_are_one_task_with_every_record() -> None:
    keys = [found(n, fix=record("v=DKIM1; p=x", f"{n}._domainkey")) for n in ("s1", "s2")]
    (task,) = derived(sample.document((failed("dkim-key-missing", *keys),)))
    assert [one.name for one in task.records] == ["s1._domainkey", "s2._domainkey"]
    assert len((task.dns_record or "").splitlines()) == 2
    assert task.title == "Publish the proposed records"
    (task,) = derived(sample.document((failed("dkim-key-missing", keys[0]),)))
    assert task.title == "Publish the TXT record s1._domainkey.shop.example"


def test_two_records_for_one_name_are_never_offered_together() -> None:
    told = derived(
        sample.document(
            (
                failed("spf-invalid", found("a", fix=record("v=spf1 a -all"))),
                failed("spf-allows-everyone", found("b", fix=record("v=spf1 b -all"), severity=_WARNING)),
            )
        )
    )
    assert checks(told) == [["spf-invalid", "spf-allows-everyone"]]
    assert [one.value for one in told[0].records] == ["v=spf1 a -all"]
    assert told[0].dns_record == 'shop.example. 60 IN TXT "v=spf1 a -all"'


def test_a_record_for_later_is_another_task_than_one_for_now() -> None:
    told = derived(
        sample.document(
            (
                failed("dmarc-invalid", found("a", fix=record("v=DMARC1; p=none", "_dmarc"))),
                failed(
                    "dmarc-policy-none",
                    found(
                        "b",
                        fix=record("v=DMARC1; p=reject", "_dmarc", stage=Stage.LATER, condition="all mail passes"),
                        severity=_WARNING,
                    ),
                ),
            )
        )
    )
    assert [(task.stage, task.condition) for task in told] == [
        (Stage.NOW, None),
        (Stage.LATER, "all mail passes"),
    ]


def test_a_record_that_is_published_now_is_no_task_for_later() -> None:
    fixed = "v=DMARC1; p=reject"
    told = derived(
        sample.document(
            (
                failed("dmarc-invalid", found("a", fix=record(fixed, "_dmarc"))),
                failed(
                    "dmarc-policy-none",
                    found("b", fix=record(fixed, "_dmarc", stage=Stage.LATER), severity=_WARNING),
                ),
            )
        )
    )
    assert checks(told) == [["dmarc-invalid", "dmarc-policy-none"]]


def test_whoever_gets_in_by_the_record_names_the_task() -> None:
    fix = record("v=spf1 ip4:192.0.2.1 -all", proof=ProofEntry(gains=("192.0.2.1",), lookups=1))
    (task,) = derived(sample.document((failed("spf-does-not-authorize-sender", found("a", fix=fix)),)))
    assert task.title == "Let 192.0.2.1 send as shop.example"


def test_moving_to_another_name_is_not_told_by_whom_its_records_let_in() -> None:
    fix = record("v=spf1 ip4:192.0.2.1 -all", "news", proof=ProofEntry(gains=("192.0.2.1",), lookups=1))
    (task,) = derived(sample.document((failed("business-mail-at-risk", found("a", fix=fix)),)))
    assert "192.0.2.1" not in task.title


def test_one_schedule_is_advised_and_it_is_the_slowest() -> None:
    told = derived(
        sample.document(
            (
                failed("window-over-limit", found("a", "Send at most 38 a minute.", "Run `mailaudit plan`.")),
                failed("business-mail-crowded-out", found("b", "Send slowly.")),
                failed(
                    "warm-up-too-steep",
                    found(
                        "c", "Spread the campaign over 4 days: 1, 2.", "Run `mailaudit plan --warm-up`.",
                        severity=_WARNING,
                    ),
                ),
            )
        )
    )  # fmt: skip
    assert [(task.title, task.command) for task in told] == [
        ("Spread the campaign over 4 days: 1, 2", "mailaudit plan --warm-up")
    ]


def test_the_list_is_cleaned_once() -> None:
    def rows(name: str, count: int, step: str, severity: Severity = Severity.ERROR) -> FindingEntry:
        size = MagnitudeEntry(value=count, unit="rows")
        return found(name, step, owner=Owner.LIST_OWNER, magnitude=size, severity=severity)

    told = derived(
        sample.document(
            (
                failed("recipient-suppressed", rows("a", 9, "Run `mailaudit clean`."), family="recipients"),
                failed("domain-typo", rows("b", 3, "`mailaudit clean --remove typo`", _WARNING), family="recipients"),
                failed(
                    "address-role", rows("c", 5, "`mailaudit clean --remove role`", Severity.NOTE),
                    family="recipients",
                ),
            )
        )
    )  # fmt: skip
    assert [(task.title, task.command, task.stage) for task in told] == [
        ("Clean the list: 9 on a suppression list and 3 mistyped", "mailaudit clean --remove typo", Stage.NOW),
        ("`mailaudit clean --remove role`", "mailaudit clean --remove role", Stage.OPTIONAL),
    ]


def test_what_saves_most_recipients_comes_first_and_the_law_among_equals() -> None:
    def share(name: str, part: float) -> FindingEntry:
        return found(name, impact=ImpactEntry(recipients=int(part * 100), share=part))

    told = derived(
        sample.document(
            (
                failed("image-only", share("a", 0.5)),
                failed("unsubscribe-link-missing", share("b", 0.5)),
                failed("reverse-dns-missing", share("c", 0.9)),
                failed("from-name-missing", found("d", severity=_WARNING)),
            )
        )
    )
    assert checks(told) == [
        ["reverse-dns-missing"], ["unsubscribe-link-missing"], ["image-only"], ["from-name-missing"],
    ]  # fmt: skip
    assert [task.stage for task in told] == [Stage.NOW] * 3 + [Stage.LATER]


def test_recipients_of_one_task_are_counted_once() -> None:
    rows = tuple(MatrixRow(provider=n, name=n, recipients=10, share=0.1) for n in ("a", "b", "c"))
    told = FactsSection(sender={}, providers_matrix=MatrixSection(requirements=(), rows=rows))
    first = found("a", impact=ImpactEntry(recipients=20, share=0.2, providers=("a", "b")))
    second = found("b", impact=ImpactEntry(recipients=20, share=0.2, providers=("b", "c")))
    report = sample.document(
        (failed("spf-missing", first), failed("dmarc-fails", second, follows=("spf-*",))), facts=told
    )
    (task,) = derived(report)
    assert task.impact is not None
    assert (task.impact.recipients, task.impact.share, task.impact.providers) == (30, 0.3, ("a", "b", "c"))


def test_set_aside_findings_ask_nothing() -> None:
    assert derived(sample.hostile())
    assert derived(sample.document()) == ()


def test_the_verdict_counts_the_tasks_that_are_told() -> None:
    for report in (sample.troubled(), sample.hostile(), sample.document()):
        count = len(now(report))
        assert (f"{count} task" in (headline.subline(report) or "")) == bool(count)


def test_an_older_report_gets_its_tasks_when_it_is_read() -> None:
    report: Document = sample.troubled()
    assert report.tasks == ()
    assert now(report) == tuple(task for task in derived(report) if task.stage is Stage.NOW)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("dmarc-report-unauthorized", "dmarc-report-undeliverable"),
        ("spf-range-too-wide", "spf-uses-ptr"),
        ("dkim-key-testing", "dkim-key-weak"),
        ("helo-invalid", "helo-unresolved"),
    ],
)
def test_what_is_asked_of_one_record_or_one_name_is_one_task(one: str, other: str) -> None:
    (task,) = derived(sample.document((failed(one, found("a")), failed(other, found("b")))))
    assert (task.title, task.steps) == ("Mend a", ("Mend b.",))


def test_one_record_of_each_of_two_names_is_two_tasks() -> None:
    elsewhere = found("b", subject="mail.shop.example")
    told = derived(sample.document((failed("spf-uses-ptr", found("a")), failed("spf-open-ended", elsewhere))))
    assert len(told) == 2


def test_the_same_first_step_is_one_remedy() -> None:
    away = "Write from a domain of your own."
    results = (
        failed("dkim-selector-unknown", found("a", away, "Then sign.")),
        failed("dmarc-fails", found("b", away)),
    )
    (task,) = derived(sample.document(results))
    assert (task.title, task.steps) == ("Write from a domain of your own", ())


def test_a_milder_cause_says_what_to_do_and_the_worst_finding_why() -> None:
    results = (
        failed("dmarc-fails", found("a", "Mend SPF and DKIM.", message="It fails."), follows=("dkim-*",)),
        failed("dkim-selector-unknown", found("b", "Switch DKIM on.", severity=_WARNING)),
    )
    (task,) = derived(sample.document(results))
    assert (task.title, task.why, task.stage, task.steps) == ("Switch DKIM on", "It fails.", Stage.NOW, ())


def test_a_record_of_a_milder_finding_stands_under_its_own_title() -> None:
    weak = failed("dkim-key-weak", found("a", "Create a key under a new selector."))
    testing = failed("dkim-key-testing", found("b", fix=record("v=DKIM1; p=x", "s1"), severity=_WARNING))
    (task,) = derived(sample.document((weak, testing)))
    assert (task.title, task.steps) == (
        "Publish the TXT record s1.shop.example", ("Create a key under a new selector.",),
    )  # fmt: skip
    assert (task.stage, len(task.records)) == (Stage.NOW, 1)


def test_a_task_touches_those_who_refuse_for_it_and_not_those_who_only_ask() -> None:
    cells = [
        CellEntry(requirement="dkim", state="unmet", text="DKIM.", confidence="high", effect=effect)
        for effect in ("refused", None)
    ]
    rows = tuple(
        MatrixRow(provider=name, name=name, recipients=count, share=count / 100, cells=(cell,))
        for name, count, cell in (("orange", 20, cells[0]), ("laposte", 5, cells[1]))
    )
    facts = FactsSection(sender={}, providers_matrix=MatrixSection(requirements=("dkim",), rows=rows))
    whole = ImpactEntry(recipients=25, share=0.25, providers=("orange", "laposte"))
    (task,) = derived(
        sample.document((failed("dkim-key-revoked", found("a", "Find the selector.", impact=whole)),), facts=facts)
    )
    assert task.impact == ImpactEntry(recipients=20, share=0.2, providers=("orange",))


def test_the_order_is_that_of_the_numbers_that_are_told() -> None:
    def cell(requirement: str, effect: str | None) -> CellEntry:
        return CellEntry(requirement=requirement, state="unmet", text="It.", confidence="high", effect=effect)

    rows = tuple(
        MatrixRow(provider=name, name=name, recipients=count, share=count / 100, cells=(spf, dmarc))
        for name, count, spf, dmarc in (
            ("orange", 20, cell("spf", "refused"), cell("dmarc", "refused")),
            ("laposte", 5, cell("spf", "refused"), cell("dmarc", None)),
        )
    )
    facts = FactsSection(sender={}, providers_matrix=MatrixSection(requirements=("spf", "dmarc"), rows=rows))
    whole = ImpactEntry(recipients=25, share=0.25, providers=("orange", "laposte"))
    wrong = (failed(name, found(name[:3], impact=whole)) for name in ("dmarc-missing", "spf-missing"))
    told = derived(sample.document(tuple(wrong), facts=facts))
    assert [task.impact and task.impact.recipients for task in told] == [25, 20]
    assert checks(told) == [["spf-missing"], ["dmarc-missing"]]


@pytest.mark.parametrize(
    ("helo", "name"),
    [
        ("", "out.acme.example"),
        ("mail.acme.example", "out.acme.example"),
        ("new.acme.example", "new.acme.example"),
        ("own.acme.example", "own.acme.example"),
    ],
)
def test_no_name_of_another_machine_is_to_be_given_to_the_sending_one(
    tmp_path: Path, helo: str, name: str
) -> None:
    zone = tmp_path / "acme.zone"
    zone.write_text(
        "$ORIGIN acme.example.\n@ 60 IN SOA ns1 host 1 7200 3600 1209600 300\n@ 60 IN MX 10 mail\n"
        "mail 60 IN A 203.0.113.77\nown 60 IN A 203.0.113.5\n$ORIGIN 113.0.203.in-addr.arpa.\n"
        "@ 60 IN SOA ns1.acme.example. host.acme.example. 1 7200 3600 1209600 300\n",
        encoding="utf-8",
    )
    text = "from: News <news@acme.example>\nsending: {platform: none, ips: [203.0.113.5]%s}\n"
    (tmp_path / "campaign.yml").write_text(text % (f", helo: {helo}" if helo else ""), encoding="utf-8")
    dns = DnsOptions(zones=(zone,))
    report = document(audit(*load_campaign(tmp_path / "campaign.yml"), Options(dns=dns)))
    (task,) = [task for task in report.tasks if "reverse-dns-missing" in {one.check for one in task.findings}]
    assert task.title.endswith(f"to set its reverse name to {name}")
    assert ("helo-mismatch" in {one.check for one in task.findings}) == (helo == "mail.acme.example")


def test_a_domain_that_takes_no_mail_is_one_task_for_answers_and_reports(tmp_path: Path) -> None:
    zone = tmp_path / "acme.zone"
    zone.write_text('$ORIGIN acme.example.\n@ MX 0 .\n_dmarc TXT "v=DMARC1; p=none; rua=mailto:d@acme.example"\n')
    options = Options(dns=DnsOptions(zones=(zone,)), select=("from-domain-receives-no-mail", "dmarc-report-*"))
    only = document(audit(*load_campaign(Domain("acme.example")), options)).tasks
    assert [one.check for one in only[0].findings] == [
        "from-domain-receives-no-mail",
        "dmarc-report-undeliverable",
    ]
    assert (len(only), only[0].steps) == (1, ())


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("campaign.yml", "mailaudit plan --warm-up"),
        ("clients/a b/spring.yml", "mailaudit plan 'clients/a b/spring.yml' --warm-up"),
        ("$(id).yml", "mailaudit plan '$(id).yml' --warm-up"),
        ("-", "mailaudit plan --warm-up"),
    ],
)
def test_a_command_names_the_campaign_where_it_would_not_find_it(file: str, told: str) -> None:
    wanted = failed("warm-up-too-steep", found("a", "Spread it.", "Run `mailaudit plan --warm-up` for the table."))
    report = sample.document((wanted,))
    campaign = report.campaign.model_copy(update={"file": file})
    assert derived(report.model_copy(update={"campaign": campaign}))[0].command == told


def test_a_list_beside_a_bare_domain_gets_its_campaign_file_first() -> None:
    where = LocationEntry(path="my list.csv", line=6)
    wanted = failed(
        "recipient-suppressed",
        found("b", "Remove them (`mailaudit clean`).").model_copy(update={"location": where}),
    )
    report = sample.document((wanted,))
    bare = report.campaign.model_copy(update={"file": report.campaign.from_domain})
    made = f"mailaudit init --domain {bare.file} --recipients 'my list.csv' --no-check"
    assert derived(report.model_copy(update={"campaign": bare}))[0].command == f"{made} && mailaudit clean"


def test_the_way_off_a_blocklist_has_its_command() -> None:
    more = "Read the whole guide, with a letter ready to send: mailaudit delist spamhaus-zen --report AUDIT.json"
    listed = failed("ip-blocklisted", found("a", "Get 203.0.113.25 off Spamhaus ZEN.", more))
    assert derived(sample.document((listed,)))[0].command == "mailaudit delist spamhaus-zen"
