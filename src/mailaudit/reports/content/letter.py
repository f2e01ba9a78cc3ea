"""A finding as a letter to the person who can put it right."""

from mailaudit.checks.finding import Owner
from mailaudit.reports.content import headline
from mailaudit.reports.content.check_page import why
from mailaudit.reports.content.proof import panel_lines, proof_sentence, remembered_sentence, stage_sentence
from mailaudit.reports.content.ranking import Item
from mailaudit.reports.document.types import Document
from mailaudit.reports.safe_text import plain

# A letter is read by somebody else than the person who reads the report.
_ADDRESSEES = {Owner.SENDER: "the sender of the campaign"}


def letter(document: Document, item: Item) -> str:
    """Return plain text that says what is wrong, why it matters and what is asked, with the DNS record as it is."""
    finding, campaign = item.finding, document.campaign
    opening = (
        f"Something has to be put right before the e-mail campaign “{plain(campaign.name)}” is sent from "
        f"{plain(campaign.from_domain)}. It is for {_ADDRESSEES.get(finding.fix.owner, headline.OWNERS[finding.fix.owner])}."
    )
    parts = [opening, f"The problem: {plain(finding.message)}"]
    reason = why(item.result)
    if reason:
        parts.append(f"Why it matters: {plain(reason)}")
    touched = headline.touches(finding, document)
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
    parts.append(
        f"Found by mailaudit {document.tool.version} ({item.result.check}) on {document.generated_at:%Y-%m-%d}."
    )
    return "\n\n".join(parts) + "\n"


def record_lines(record: str) -> list[str]:
    """Return the lines of a DNS record to copy, made harmless."""
    return [plain(line) for line in record.splitlines()]
