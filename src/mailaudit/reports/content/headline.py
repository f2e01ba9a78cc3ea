"""The words that every format uses: the verdict in a sentence, owners, numbers."""

from collections.abc import Mapping
from typing import Any

from mailaudit.checks.finding import Outcome, Severity
from mailaudit.impact.states import kinds_of
from mailaudit.reports.content import words
from mailaudit.reports.content.at_risk import STOPPING, at_risk, conditions, open_cells, refusing, stopping
from mailaudit.reports.content.ranking import NOT_SELECTED
from mailaudit.reports.document.providers import MatrixRow
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
    counts = document.counts
    if document.verdict == "ready-with-warnings":
        warned = numbered(counts.warning, "warning")
        return f"Ready, with {warned}: nothing found that stops this campaign{_doubt(document)}."
    if counts.suppressed:
        return f"Ready, with {numbered(counts.suppressed, 'finding')} set aside{_doubt(document)}."
    return f"Ready: nothing found that stops this campaign{_doubt(document)}."


def is_unasked(document: Document) -> bool:
    """Say whether no check at all could be asked."""
    return bool(document.results) and all(result.outcome == "skipped" for result in document.results)


def _accepted(document: Document) -> str:
    """Return how many errors somebody accepted, and what they still do: `No new problem; 5 accepted ones remain: …`."""
    found = [one for one in _errors(document) if one.suppressed]
    kept = sum(one.suppressed is not None and one.suppressed.source == "baseline" for one in found)
    grown = any(one.outgrown is not None for result in document.results for one in result.findings)
    told = "No new error" if grown else "No new problem" if kept == len(found) else "No open problem"
    remain = "accepted problem remains" if len(found) == 1 else "accepted problems remain"
    what = _refusal(document) if refusing(document) else found[0].message if found else ""
    return f"{told}; {len(found):,} {remain}: {what}"


def is_counted(document: Document) -> bool:
    """Say whether the verdict itself tells how much is to be done first."""
    return document.verdict == "not-ready" and not _beyond_accepted(document) and not refusing(document)


def _errors(document: Document) -> list[FindingEntry]:
    return [one for result in document.results for one in result.findings if one.severity is Severity.ERROR]


def subline(document: Document) -> str | None:
    """Return what else must be known beside the verdict: other problems, an incomplete audit, another gate."""
    counts, gate = document.counts, document.gate
    told = []
    told += [
        f"Grown beyond what was accepted ({one.outgrown:,} {one.magnitude.unit}): {one.message}"
        for result in document.results
        for one in result.findings
        if one.outgrown is not None and one.magnitude and one.suppressed is None
    ][:GROWN_AT_MOST]
    doing = to_do_first(document)
    if doing and not is_counted(document):
        told.append(f"{numbered(doing, 'task')} to do first.")
    elif not doing and refusing(document) and document.verdict != "ready-with-accepted":
        accepted = any(one.suppressed for one in _errors(document))
        told.append(f"Accepted, and still so: {_refusal(document)}" if accepted else _hushed(document))
    if refusing(document) and _beyond_accepted(document):
        told.append(f"Accepted, and still so: {_refusal(document)}")
    beside = _beside_the_verdict(document)
    if beside:
        told.append(f"Beside that, {numbered(len(beside), 'important check')} could not be verified.")
    if gate.exit_code == 1 and not counts.error:
        told.append(f"The audit is set to fail on any {gate.fail_on}, so it fails.")
    if gate.exit_code == 0 and counts.error:
        told.append("The audit is set never to fail, so its exit code is 0 all the same.")
    told += gate.notes
    if gate.shrunk:
        told.append(
            f"{numbered(gate.shrunk, 'accepted problem is', 'accepted problems are')} smaller than accepted or gone: "
            "--write-baseline FILE tightens the baseline."
        )
    unseen = unseen_inputs(document)
    if unseen:
        told.append(f"Not looked at: {words.listed(unseen, len(unseen))}.")
    return " ".join(told) or None


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
    if (
        left_out and document.campaign.file.lower() != document.campaign.from_domain
    ):  # a domain leaves out all the rest
        unseen.append(f"{numbered(left_out, 'check')} that this run leaves out")
    return unseen


def _unasked_domains(recipients: Mapping[str, Any] | None) -> int:
    """Return how many of the list's domains were not asked although others were."""
    found = (recipients or {}).get("lookups")
    unasked = found.get("not_asked") if isinstance(found, dict) and found.get("asked") else 0
    return unasked if isinstance(unasked, int) else 0


def _unasked(document: Document) -> bool:
    """Say whether no blocklist gave an answer."""
    lists = {result.outcome for result in document.results if result.check.endswith("-blocklisted")}
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
        new = next((one.message for one in beyond if one.outgrown is None), "")  # growth is told below
        if new:
            return f"{numbered(len(beyond), 'problem')} beyond what was accepted: {new}"
        return f"{numbered(len(beyond), 'problem')} beyond what was accepted."
    if not refusing(document):
        found = to_do_first(document) or document.counts.error
        told = f"{numbered(found, 'problem')} must be put right before this campaign is sent"
        return f"{told}{_doubt(document, is_ready=False)}."
    too = _told(at_risk(document), document)
    unless = f", and {too} too unless {_conditions(document)}: nothing shows that" if too else ""
    return f"{_refusal(document).removesuffix('.')}{unless}."


def _beyond_accepted(document: Document) -> list[FindingEntry]:
    """Return the open errors beside accepted ones, where it is not they that have the mail refused."""
    found = _errors(document)
    fresh = [one for one in found if not one.suppressed]
    named = {name for one in fresh if one.impact for name in one.impact.providers}
    is_theirs = any(row.provider in named for row in refusing(document))
    return fresh if len(fresh) < len(found) and not is_theirs else []


def _doubt(document: Document, *, is_ready: bool = True) -> str:
    """Return who takes the mail only if something is true that nothing shows; empty when that is nobody."""
    told = _told(at_risk(document), document)
    joined = "but" if is_ready else "and"
    return f"; {joined} {told} take it only if {_conditions(document)}, and nothing shows that" if told else ""


def _conditions(document: Document) -> str:
    return " and ".join(conditions(at_risk(document), document)) or "they are sure of it"


def _told(rows: list[MatrixRow], document: Document) -> str:
    """Return the recipients of some providers: `42 % (Gmail)`; empty for none."""
    names = words.listed([words.provider(row.provider, document) for row in rows])
    return f"{words.share(min(1.0, sum(row.share for row in rows)))} ({names})" if rows else ""


def _hushed(document: Document) -> str:
    told = _refusal(document).removesuffix(".")
    return (
        f"Yet {told}, by the published rules; no finding that counts says so, because it is suppressed or milder."
    )


def _refusal(document: Document) -> str:
    rows = refusing(document)
    effects = {cell.effect for row in rows for cell in stopping(row)}
    verb = " or ".join(word for effect, word in STOPPING.items() if effect in effects)
    sure = all(any(cell.confidence == "high" for cell in stopping(row)) for row in rows)
    portion, _, names = _told(rows, document).partition(" (")
    names = names.removesuffix(")")
    return f"{portion} of your recipients ({names}) {'will' if sure else 'are likely to'} {verb} this mail."


def _beside_the_verdict(document: Document) -> list[str]:
    """Return the open checks of an audit that failed, but for those on which rests what the verdict says of providers."""
    if document.verdict != "not-ready":
        return []
    told = {cell.requirement for row in at_risk(document) for cell in open_cells(row, document)}
    is_told = bool(told) and not _beyond_accepted(document)
    return [name for name in undecided(document) if not (is_told and told & set(kinds_of(name)))]


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
