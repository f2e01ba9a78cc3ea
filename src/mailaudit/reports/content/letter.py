"""A finding as a letter to the person who can put it right."""

import re
import shlex

from mailaudit.checks.finding import Owner
from mailaudit.reports.content import words
from mailaudit.reports.content.check_page import why
from mailaudit.reports.content.proof import panel_lines, proof_sentence, remembered_sentence, stage_sentence
from mailaudit.reports.content.ranking import Item
from mailaudit.reports.document.task import TaskEntry
from mailaudit.reports.document.types import Document, FindingEntry
from mailaudit.reports.safe_text import plain
from mailaudit.reports.tasks.tasks import gravest, settled

MESSAGES_AT_MOST = 5
_CLEAN = "mailaudit clean"
_ADDRESS = re.compile(r"[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*")
# A letter is read by somebody else than the person who reads the report.
_ADDRESSEES = {Owner.SENDER: "the sender of the campaign"}


def letter(document: Document, item: Item) -> str:
    """Return plain text that says what is wrong, why it matters and what is asked, with the DNS record as it is."""
    finding, campaign = item.finding, document.campaign
    opening = (
        f"Something has to be put right before the e-mail campaign “{plain(campaign.name)}” is sent from "
        f"{plain(campaign.from_domain)}. It is for {_ADDRESSEES.get(finding.fix.owner, words.OWNERS[finding.fix.owner])}."
    )
    parts = [opening, f"The problem: {plain(finding.message)}"]
    reason = why(item.result)
    if reason:
        parts.append(f"Why it matters: {plain(reason)}")
    touched = words.touches(finding, document)
    if touched:
        parts.append(f"It touches {plain(touched)}.")
    steps = [f"{number}. {plain(step)}" for number, step in enumerate(finding.fix.steps, 1)]
    if steps:
        parts.append("\n".join(["What we ask you to do:", *steps]))
    if finding.fix.dns_record:
        lines = record_lines(finding.fix.dns_record)
        noun = "The DNS record" if len(lines) == 1 else "The DNS records"
        parts.append("\n".join([f"{noun}, as in a zone file:", *lines]))
        if finding.fix.proof:
            parts.append(plain(proof_sentence(finding.fix.proof)))
        parts.append("\n".join(["In the panel of a DNS host:", *(plain(one) for one in panel_lines(finding.fix))]))
        # A letter is read at another time: no hour is told.
        parts.extend(filter(None, (plain(stage_sentence(finding.fix)), remembered_sentence(finding.fix))))
    seen = [f"- {plain(entry.label)}: {plain(entry.value)}" for entry in finding.evidence[:6]]
    if seen:
        parts.append("\n".join(["What was observed:", *seen]))
    if finding.fix.owner is Owner.DNS_ADMIN:
        parts.append(f"To see that it is done: {plain(_check_again(document, finding))}")
    parts.append(
        f"Found by mailaudit {document.tool.version} ({item.result.check}) on {document.generated_at:%Y-%m-%d}."
    )
    return "\n\n".join(parts) + "\n"


def _check_again(document: Document, finding: FindingEntry) -> str:
    """Return the command that looks at the DNS of the sender again, with all of the campaign that the finding rests on."""
    gains = finding.fix.proof.gains if finding.fix.proof else ()
    addresses = ", ".join(one for one in gains if _ADDRESS.fullmatch(one))
    sender, domain = document.facts.sender, shlex.quote(document.campaign.from_domain)
    bounces = sender.get("mail_from_domain")
    selector, of_key, signs_as = finding.subject.partition("._domainkey.")
    told = {
        "sending.platform": sender.get("platform"),
        "return_path": bounces if bounces != domain else None,
        "sending.dkim": f"[{{selector: {selector}, domain: {signs_as}}}]" if of_key else None,
        "sending.ips": f"[{addresses}]" if addresses else None,
    }
    settings = (f" --set {shlex.quote(f'{key}={value}')}" for key, value in told.items() if value)
    return f"mailaudit check {domain}{''.join(settings)}"


def letter_of_task(document: Document, task: TaskEntry) -> str:
    """Return the same for a task: all that is wrong and all that is asked, once."""
    found = settled(document, task)
    lead, told = found[0], dict.fromkeys(item.finding.message for item in gravest(found))
    steps = dict.fromkeys((*_cleaning(task, lead.finding.fix.steps), *task.steps))
    fix = lead.finding.fix.model_copy(
        update={
            "owner": task.owner,
            "steps": tuple(steps),
            "dns_record": task.dns_record,
            "dns_records": task.records,
        }
    )
    changes = {"message": " ".join(tuple(told)[:MESSAGES_AT_MOST]), "fix": fix, "impact": task.impact}
    return letter(document, Item(lead.result, lead.finding.model_copy(update=changes)))


def _cleaning(task: TaskEntry, steps: tuple[str, ...]) -> tuple[str, ...]:
    """Return the steps of the lead; where one run of `clean` settles all of the task, that run before the lead's own."""
    if not task.command or not task.command.startswith(_CLEAN):
        return steps
    own = (step for step in steps if f"`{_CLEAN}" not in step)
    return (f"{task.title}.", f"Run `{task.command}` for all of it.", *own)


def record_lines(record: str) -> list[str]:
    """Return the lines of a DNS record to copy, made harmless."""
    return [plain(line) for line in record.splitlines()]
