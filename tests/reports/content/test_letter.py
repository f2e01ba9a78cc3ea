"""What a letter to somebody without the campaign file says of how to look again."""

from __future__ import annotations

from mailaudit.checks.finding import Outcome
from mailaudit.reports.content.letter import letter
from mailaudit.reports.content.ranking import items
from mailaudit.reports.document.types import FactsSection
from reports import sample_documents as sample


def test_the_command_to_look_again_holds_what_the_finding_rests_on() -> None:
    finding = sample.finding(subject="s1._domainkey.acme.example")
    found = sample.result("dkim-key-missing", outcome=Outcome.FAILED, findings=(finding,))
    sender = {"platform": "brevo", "mail_from_domain": "bounces.acme.example"}
    told = sample.document((found,), facts=FactsSection(sender=sender))
    domain = told.campaign.from_domain
    assert (
        f"To see that it is done: mailaudit check {domain} --set sending.platform=brevo "
        "--set return_path=bounces.acme.example "
        "--set 'sending.dkim=[{selector: s1, domain: acme.example}]'\n"
    ) in letter(told, items(told)[0])


def test_what_stands_in_a_saved_report_starts_no_command_of_its_own() -> None:
    found = sample.result("dkim-key-missing", outcome=Outcome.FAILED, findings=(sample.finding(),))
    told = sample.document((found,))
    told = told.model_copy(
        update={"campaign": told.campaign.model_copy(update={"from_domain": "a.example;reboot"})}
    )
    assert "mailaudit check 'a.example;reboot'" in letter(told, items(told)[0])
