"""What else is known, in a line or two each: who sends, who takes it, the list, the send, what nobody looked at."""

from collections import Counter

from mailaudit.checks.finding import Outcome
from mailaudit.language.spoken import Pasted, form, said
from mailaudit.reports.content import headline, ranking, words
from mailaudit.reports.content.figures import list_figures, volume_figures
from mailaudit.reports.content.provider_rules import Provider, label, standing
from mailaudit.reports.content.refusal import is_disowned, refusing
from mailaudit.reports.content.second_opinion import second_opinion
from mailaudit.reports.content.who_sends import departure
from mailaudit.reports.document.types import Document
from mailaudit.reports.terminal.page import Page
from mailaudit.wording import numbered

PROVIDERS_AT_MOST = 6
CAUSES_AT_MOST = 3
SUBJECTS_AT_MOST = 4
ALONE_AT_MOST = 3
MISSING_AT_MOST = 2
REASONS_AT_MOST = 1
WANTS_AT_MOST = 2
# What leaves fewer checks without a question is not worth a line.
WORTH_ADDING = 3
_INDENT = 3


def write_summary(page: Page, document: Document) -> None:
    """Write everything that is no task, in few lines."""
    page.blank()
    _write_sender(page, document)
    _write_providers(page, document)
    _write_list(page, document)
    _write_send(page, document)
    write_undecided(page, document)
    _write_counts(page, document)


def write_undecided(page: Page, document: Document) -> None:
    """Write why checks have no verdict: a line for each cause, the most serious first."""
    causes = ranking.causes(document)
    mark = (page.signs.open, "magenta")
    for cause in causes[:CAUSES_AT_MOST]:
        names = [
            f"{check} ({words.listed(list(subjects), SUBJECTS_AT_MOST)})"
            if subjects and not cause.is_notice
            else check
            for check, subjects in cause.checks.items()
        ]
        many = len(names) > ALONE_AT_MOST
        told = f"{numbered(len(names), 'check') if many else ', '.join(names)}: {cause.reason}"
        page.write((told, ""), first=mark, indent=_INDENT)
        if cause.is_grave and many:
            others = len(cause.checks) - len(cause.grave)
            named = [*cause.grave, *([f"{others} more"] if others else [])]
            page.write((words.listed(named, len(named)), "dim"), indent=_INDENT)
    left = causes[CAUSES_AT_MOST:]
    known = {check for cause in causes[:CAUSES_AT_MOST] for check in cause.grave}
    grave = list(dict.fromkeys(check for cause in left for check in cause.grave if check not in known))
    if grave:
        told = f"also for such reasons: {words.listed(grave, len(grave))}"
        page.write((told, ""), first=mark, indent=_INDENT)
    others = sum(len(cause.checks) - len(cause.grave) for cause in left)
    if others:
        page.write((f"and {numbered(others, 'check')} more, with -v", "dim"), indent=_INDENT)


def _write_sender(page: Page, document: Document) -> None:
    found = departure(document)
    if found:
        reasons = form("joint", "; ").join(map(said, (found.reasons or found.trail)[:REASONS_AT_MOST]))
        told = form("joint", ": ").join(filter(None, (found.told.removesuffix("."), reasons)))
        page.write((Pasted(told if reasons else told + "."), ""), indent=_INDENT)
        for text in found.missing[:MISSING_AT_MOST]:
            page.write((f"Add {text}.", "dim"), first=(page.signs.arrow, "dim"), indent=6)
    for sentence in second_opinion(document):
        page.write((sentence, ""), indent=_INDENT)


def _write_providers(page: Page, document: Document) -> None:
    shown = standing(document)
    if shown is None:
        return
    wrong = [provider for provider in shown.providers if provider.unmet]
    doubtful = [provider for provider in shown.providers if not provider.unmet and provider.unverified]
    for provider in wrong[:PROVIDERS_AT_MOST]:
        page.write(
            (f"{_name(provider)} misses {provider.missed}", ""),
            first=(page.signs.error, "red"),
            indent=_INDENT,
        )
    for provider in doubtful[: PROVIDERS_AT_MOST - len(wrong[:PROVIDERS_AT_MOST])]:
        told = ", ".join(map(label, provider.unverified))
        page.write(
            (f"{_name(provider)}: not verified: {told}", ""), first=(page.signs.open, "magenta"), indent=_INDENT
        )
    fine = [_name(one) for one in shown.providers if not one.unmet and not one.unverified]
    if fine:
        is_listed, is_unsafe = bool(refusing(document).listed), is_disowned(document)
        left = (
            "at risk for the blocklists alone"
            if is_listed
            else "at risk for your own DMARC policy alone"
            if is_unsafe
            else "nothing missing that shows before the send"
        )
        unsure = is_listed or is_unsafe
        sign = (page.signs.warning, "yellow") if unsure else (page.signs.passed, "green")
        page.write((f"{words.listed(fine, len(fine))}: {left}.", ""), first=sign, indent=_INDENT)
    if shown.without_rules:
        page.write((f"Without published rules: {', '.join(shown.without_rules)}.", "dim"), indent=_INDENT)


def _name(provider: Provider) -> str:
    return f"{provider.name} ({provider.share})"


def _write_list(page: Page, document: Document) -> None:
    figures = list_figures(document)
    if figures is None:
        return
    parts = words.listed([f"{part.count:,} {part.label}" for part in figures.parts], len(figures.parts))
    domains = f" at {numbered(figures.domains, 'domain')}" if figures.domains else ""
    page.write(
        (f"{numbered(figures.rows, 'row')}{domains}: {parts}.", ""),
        (f" {figures.columns}" if figures.columns else "", ""),
        indent=_INDENT,
    )


def _write_send(page: Page, document: Document) -> None:
    figures = volume_figures(document)
    if figures is None:
        return
    when = f", {figures.when}" if figures.when else ""
    not_projected = (
        f"; not projected: {figures.not_projected}" if figures.not_projected and not figures.peaks else ""
    )
    page.write((f"{numbered(figures.messages, 'message')}{when}{not_projected}.", ""), indent=_INDENT)


def _write_counts(page: Page, document: Document) -> None:
    passed = len(ranking.with_outcome(document, Outcome.PASSED))
    unasked = ranking.with_outcome(document, Outcome.SKIPPED, Outcome.NOT_APPLICABLE)
    told = (
        headline.tally(document).capitalize(),
        f"{numbered(passed, 'check')} passed" if passed else "",
        f"{len(unasked)} not asked" if unasked else "",
    )
    page.write((f"{', '.join(filter(None, told))}.", ""), indent=_INDENT)
    # What a line in the campaign file would add; a dry run is another command.
    skipped = [one for one in unasked if one.outcome is Outcome.SKIPPED and one.family != "capture"]
    reasons = Counter(result.reason for result in skipped if result.reason != ranking.NOT_SELECTED)
    for reason, count in reasons.most_common(WANTS_AT_MOST):
        if count >= WORTH_ADDING:
            page.write(
                (f"{count} not asked: {reason}", "dim"), first=(page.signs.arrow, "dim"), indent=_INDENT + 3
            )
