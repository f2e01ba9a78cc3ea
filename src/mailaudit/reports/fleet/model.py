"""The reports of several campaigns, and a row of the summary for each."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import zip_longest

from msgspec import Struct, field

from mailaudit.reports.content import words
from mailaudit.reports.content.outlook import FATES, outlook
from mailaudit.reports.diff import diff
from mailaudit.reports.document.types import Document
from mailaudit.reports.tasks.tasks import later, now
from mailaudit.wording import numbered

_OF_INTEREST = ("refused", "junk", "risk")
UNUSABLE = "unusable"
WORDS = {
    UNUSABLE: "cannot be used",
    "not-ready": "not ready",
    "incomplete": "not certain",
    "ready-with-accepted": "ready with accepted problems",
    "ready-with-warnings": "ready with warnings",
    "ready": "ready",
}


class Fleet(Struct, frozen=True):
    """Reports in the order of the campaigns; `before` are earlier ones by the file of their campaign.

    `unusable` are the files of the campaigns without a report, each with what is wrong.
    """

    reports: tuple[Document, ...]
    before: Mapping[str, Document] = field(default_factory=dict)
    is_compared: bool = False
    unusable: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Row(Struct, frozen=True):
    """One campaign: verdict, tasks, providers that will not take it, what changed.

    The tasks are the titles of what is to be done first, or where there is nothing, of what is likely to hurt; of a
    campaign that cannot be used, what is wrong with it. The verdict is a key of `WORDS`.
    """

    name: str
    file: str
    verdict: str
    tasks: tuple[str, ...]
    providers: str = ""
    change: str = ""


def rows(fleet: Fleet) -> tuple[Row, ...]:
    """Return a row for each campaign, in the order in which they were given; those that cannot be used come last."""
    unusable = (Row(file, file, UNUSABLE, wrong) for file, wrong in fleet.unusable.items())
    return (*(_row(report, fleet) for report in fleet.reports), *unusable)


def by_urgency(fleet: Fleet) -> tuple[tuple[Row, Document | None], ...]:
    """Return the rows with their reports, the worst verdict first; a campaign that cannot be used has none."""
    paired = zip_longest(rows(fleet), fleet.reports)
    return tuple(sorted(paired, key=lambda pair: list(WORDS).index(pair[0].verdict)))


def tally(fleet: Fleet) -> str:
    """Return how many campaigns have which verdict, the worst first: `3 campaigns: 1 not ready, 2 ready.`."""
    counted = Counter((*(report.verdict for report in fleet.reports), *(UNUSABLE for _ in fleet.unusable)))
    told = ", ".join(f"{counted[name]} {state}" for name, state in WORDS.items() if counted[name])
    return f"{numbered(counted.total(), 'campaign')}: {told}." if told else "No campaign could be audited."


def gone(before: Iterable[str], here: Iterable[str]) -> str:
    """Return which campaigns' files an earlier report has alone; nothing when each is here too."""
    missing = sorted({*before}.difference(here))
    return f"Only in the earlier report: {words.listed(missing)}." if missing else ""


def name_of(report: Document) -> str:
    """Return by what name people know the campaign of a report."""
    return report.campaign.name or report.campaign.from_domain


def _row(report: Document, fleet: Fleet) -> Row:
    campaign = report.campaign
    return Row(
        name=name_of(report),
        file=campaign.file,
        verdict=report.verdict,
        tasks=tuple(task.title for task in now(report) or later(report)),
        providers=_providers(report),
        change=_change(report, fleet) if fleet.is_compared else "",
    )


def _providers(report: Document) -> str:
    found = outlook(report)
    if found is None:
        return ""
    told = (
        f"{FATES[fate]}: {', '.join(f'{one.provider} {words.share(one.share)}' for one in found.of(fate))}"
        for fate in _OF_INTEREST
        if found.of(fate)
    )
    return "; ".join(told)


def _change(report: Document, fleet: Fleet) -> str:
    old = fleet.before.get(report.campaign.file)
    if old is None:
        return "not in the earlier report"
    found = diff(old, report)
    told = [f"{WORDS[old.verdict]} before"] if old.verdict != report.verdict else []
    counted = ((found.new, "new"), (found.grown, "grown"), (found.fixed, "fixed"))
    told += [f"{len(which):,} {word}" for which, word in counted if which]
    return ", ".join(told) or "as before"
