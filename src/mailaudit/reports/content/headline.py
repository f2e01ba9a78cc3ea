"""The verdict of a report in one sentence, and what else must be known beside it."""

from collections.abc import Mapping
from typing import Any

from mailaudit.checks.finding import Outcome, Severity
from mailaudit.impact.states import kinds_of
from mailaudit.reports.content import words
from mailaudit.reports.content.at_risk import at_risk, conditions, open_cells
from mailaudit.reports.content.ranking import NOT_SELECTED
from mailaudit.reports.content.refusal import asks_lists, beside, refusing, refusing_anew, sentence, those
from mailaudit.reports.document.types import Document, FindingEntry
from mailaudit.reports.tasks.groups import to_do_first
from mailaudit.wording import numbered

GROWN_AT_MOST = 3


def headline(document: Document) -> str:
    """Return the verdict in one sentence, never more certain than the counts and the providers' own rules."""
    if is_unasked(document):
        return "Nothing was checked: what was chosen cannot be asked with what is told here."
    if document.verdict == "ready-with-accepted":
        return _accepted(document)
    if document.verdict == "not-ready":
        return f"Not ready: {_consequence(document)}"
    if document.verdict == "incomplete":
        return f"Not certain yet: {_uncertainty(document)}{_doubt(document)}."
    return _ready(document)


def _ready(document: Document) -> str:
    mail = f"mail from {document.campaign.from_domain}" if is_of_domain(document) else "this campaign"
    counts = document.counts
    if document.verdict == "ready-with-warnings":
        warned = numbered(counts.warning, "warning")
        return f"Ready, with {warned}: nothing found that stops {mail}{_doubt(document)}."
    if counts.suppressed:
        return f"Ready, with {numbered(counts.suppressed, 'finding')} set aside{_doubt(document)}."
    return f"Ready: nothing found that stops {mail}{_doubt(document)}."


def is_of_domain(document: Document) -> bool:
    """Say whether a bare domain was audited, and no campaign."""
    return document.campaign.file.lower() == document.campaign.from_domain


def is_unasked(document: Document) -> bool:
    """Say whether no check at all could be asked."""
    return bool(document.results) and all(result.outcome == "skipped" for result in document.results)


def _accepted(document: Document) -> str:
    """Return how many errors somebody accepted, and what they still do: `No new problem; 5 accepted ones remain: …`."""
    found = [one for one in _errors(document) if one.suppressed]
    kept = sum(one.suppressed is not None and one.suppressed.source == "baseline" for one in found)
    grown = any(one.outgrown is not None for result in document.results for one in result.findings)
    new = "No new error" if grown else "No new problem" if kept == len(found) else "No open problem"
    remain = "accepted problem remains" if len(found) == 1 else "accepted problems remain"
    what = sentence(refusing(document), document) or (words.first_sentence(found[0].message) if found else "")
    return f"{new}; {len(found):,} {remain}: {what}"


def is_counted(document: Document) -> bool:
    """Say whether the verdict itself tells how much is to be done first."""
    return document.verdict == "not-ready" and not _beyond_accepted(document) and not refusing_anew(document)


def _errors(document: Document) -> list[FindingEntry]:
    return [one for result in document.results for one in result.findings if one.severity is Severity.ERROR]


def subline(document: Document) -> str | None:
    """Return what else must be known beside the verdict."""
    return " ".join(sublines(document)) or None


def sublines(document: Document) -> list[str]:
    """Return each thing that must be known beside the verdict: other problems, an incomplete audit, another gate."""
    counts, gate = document.counts, document.gate
    parts = []
    parts += [
        f"Grown beyond what was accepted ({one.outgrown:,} {one.magnitude.unit}): {one.message}"
        for result in document.results
        for one in result.findings
        if one.outgrown is not None and one.magnitude and one.suppressed is None
    ][:GROWN_AT_MOST]
    doing = to_do_first(document)
    if doing and not is_counted(document):
        parts.append(f"{numbered(doing, 'task')} to do first.")
    refusal = _still_refused(document)
    if refusal:
        accepted = any(one.suppressed for one in _errors(document))
        parts.append(f"Accepted, and still so: {refusal}" if accepted else _hushed(refusal))
    beside = _beside_the_verdict(document)
    if beside:
        parts.append(f"Beside that, {numbered(len(beside), 'important check')} could not be verified.")
    if gate.exit_code == 1 and not counts.error:
        parts.append(f"The audit is set to fail on any {gate.fail_on}, so it fails.")
    if gate.exit_code == 0 and counts.error:
        parts.append("The audit is set never to fail, so its exit code is 0 all the same.")
    parts += gate.notes
    if gate.shrunk:
        parts.append(
            f"{numbered(gate.shrunk, 'accepted problem is', 'accepted problems are')} smaller than accepted or gone: "
            "--write-baseline FILE tightens the baseline."
        )
    unseen = unseen_inputs(document)
    if unseen:
        parts.append(f"Not looked at: {words.listed(unseen, len(unseen))}.")
    return parts


def unseen_inputs(document: Document) -> list[str]:
    """Return the parts of a campaign at which this audit did not look: nobody gave them, or they were switched off."""
    facts = document.facts
    parts = (
        ("the recipient list", facts.recipients and facts.recipients.get("rows")),
        ("who unsubscribed", _knows_refusals(facts.recipients)),
        ("the pace of sending", facts.volume and not facts.volume.get("not_projected")),
        ("the message", facts.message),
        ("the blocklists", not _unasked(document)),
    )
    left_out = sum(result.reason == NOT_SELECTED for result in document.results)
    unseen = [name for name, given in parts if not given]
    unasked = _unasked_domains(facts.recipients)
    if unasked:
        unseen.append(numbered(unasked, "recipient domain"))
    if left_out and not is_of_domain(document):  # a domain leaves out all the rest
        unseen.append(f"{numbered(left_out, 'check')} that this run leaves out")
    return unseen


def _unasked_domains(recipients: Mapping[str, Any] | None) -> int:
    """Return how many of the list's domains were not asked although others were."""
    found = (recipients or {}).get("lookups")
    unasked = found.get("not_asked") if isinstance(found, dict) and found.get("asked") else 0
    return unasked if isinstance(unasked, int) else 0


def _unasked(document: Document) -> bool:
    """Say whether no blocklist gave an answer."""
    lists = {result.outcome for result in document.results if asks_lists(result.check)}
    return lists - {Outcome.SKIPPED, Outcome.NOT_APPLICABLE} == {Outcome.UNVERIFIED}


def _knows_refusals(recipients: Mapping[str, Any] | None) -> bool:
    """Say whether a list, if there is any, came with somebody's word on who must not be mailed."""
    if not recipients or not recipients.get("rows"):
        return True
    return bool(recipients.get("suppression_files")) or recipients.get("opted_out") is not None


def _uncertainty(document: Document) -> str:
    names = undecided(document)
    if not names:
        return "not everything that matters could be checked"
    return f"{numbered(len(names), 'important check')} could not be verified"


def _consequence(document: Document) -> str:
    beyond = _beyond_accepted(document)
    if beyond:
        new = next(
            (words.first_sentence(one.message) for one in beyond if one.outgrown is None), ""
        )  # growth is told below
        if new:
            return f"{numbered(len(beyond), 'problem')} beyond what was accepted: {new}"
        return f"{numbered(len(beyond), 'problem')} beyond what was accepted."
    refusal = sentence(refusing_anew(document), document).removesuffix(".")
    if not refusal:
        found = to_do_first(document) or document.counts.error
        mail = f"mail from {document.campaign.from_domain}" if is_of_domain(document) else "this campaign"
        problems = f"{numbered(found, 'problem')} must be put right before {mail} is sent"
        return f"{problems}{_doubt(document, is_ready=False)}."
    too = _refused_too(document)
    unless = f", and {too} too unless {_conditions(document)}: nothing shows that" if too else ""
    return f"{refusal}{unless}."


def _refused_too(document: Document) -> str:
    """Return who refuses the mail too unless something is true; nobody where the lists have it refused in any case."""
    return "" if refusing_anew(document).is_of_lists else those(at_risk(document), document)


def _still_refused(document: Document) -> str:
    """Return who refuses the mail by what is accepted, or for what is no open error; empty where the verdict tells it."""
    if document.verdict == "ready-with-accepted":
        return ""
    anew = refusing_anew(document)
    whole = refusing(document)
    return sentence(beside(whole, anew) if to_do_first(document) else whole, document)


def _beyond_accepted(document: Document) -> list[FindingEntry]:
    """Return the open errors beside accepted ones, where it is not they that have the mail refused."""
    found = _errors(document)
    fresh = [one for one in found if not one.suppressed]
    return fresh if len(fresh) < len(found) and not refusing_anew(document) else []


def _doubt(document: Document, *, is_ready: bool = True) -> str:
    """Return who takes the mail only if something is true that nothing shows; empty when that is nobody."""
    told = those(at_risk(document), document)
    joined = "but" if is_ready else "and"
    return f"; {joined} {told} take it only if {_conditions(document)}, and nothing shows that" if told else ""


def _conditions(document: Document) -> str:
    return " and ".join(conditions(at_risk(document), document)) or "they are sure of it"


def _hushed(refusal: str) -> str:
    told = refusal.removesuffix(".")
    return (
        f"Yet {told}, by the published rules; no finding that counts says so, because it is suppressed or milder."
    )


def _beside_the_verdict(document: Document) -> list[str]:
    """Return the open checks of an audit that failed, but for those on which rests what the verdict says of providers."""
    if document.verdict != "not-ready":
        return []
    doubtful = {cell.requirement for row in at_risk(document) for cell in open_cells(row, document)}
    is_told = not (_beyond_accepted(document) or refusing_anew(document).is_of_lists)
    return [name for name in undecided(document) if not (is_told and doubtful & set(kinds_of(name)))]


def undecided(document: Document) -> list[str]:
    """Return the names of the error checks that reached no verdict, wholly or for some subject."""
    return [
        result.check
        for result in document.results
        if result.severity is Severity.ERROR
        and result.gate_when_unverified
        and (result.outcome in {Outcome.UNVERIFIED, Outcome.CRASHED} or result.unverified)
    ]


def tally(document: Document) -> str:
    """Return every count that is not zero: `4 errors, 2 warnings, 1 note`."""
    counts = document.counts
    parts = [
        numbered(number, noun, many)
        for number, noun, many in (
            (counts.error, "error", None),
            (counts.warning, "warning", None),
            (counts.note, "note", None),
            (counts.unverified, "check unverified", "checks unverified"),
            (counts.crashed, "check crashed", "checks crashed"),
            (counts.suppressed, "finding suppressed", "findings suppressed"),
        )
        if number
    ]
    return ", ".join(parts) or "no findings"
