"""What the template shows, taken from a document."""

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from mailaudit.checks.remedy import Stage
from mailaudit.reports.content import headline, ranking, words
from mailaudit.reports.content.check_page import Reference, references, why
from mailaudit.reports.content.figures import list_figures, volume_figures
from mailaudit.reports.content.glossary import terms
from mailaudit.reports.content.letter import letter, record_lines
from mailaudit.reports.content.outlook import outlook
from mailaudit.reports.content.proof import proof_sentence, remembered_sentence, stage_sentence
from mailaudit.reports.content.provider_rules import Standing, standing
from mailaudit.reports.content.ranking import Item
from mailaudit.reports.content.second_opinion import second_opinion
from mailaudit.reports.content.who_sends import Departure, departure
from mailaudit.reports.document.dns import AnswerEntry
from mailaudit.reports.document.task import TaskEntry
from mailaudit.reports.document.types import Document, FindingEntry, ResultEntry
from mailaudit.reports.html import pictures
from mailaudit.reports.html.pictures import Picture
from mailaudit.reports.html.sender_answers import sender_answers
from mailaudit.reports.tasks.tasks import is_of_title, tasks

# A check with very many findings is shown with these, and the number of the others.
FINDINGS_OF_ONE_CHECK = 50


class Card(Struct, frozen=True):
    """A finding as it is shown: with its place in the page, what it touches and a letter to forward."""

    id: str
    number: int
    finding: FindingEntry
    result: ResultEntry
    owner: str
    impact: str
    why: str
    record: tuple[str, ...]
    proof: str
    stage: str
    remembered: str
    letter: str
    references: tuple[Reference, ...]


class Group(Struct, frozen=True):
    """A family's cards, and how many findings were left out."""

    name: str
    title: str
    cards: tuple[Card, ...]
    left_out: int


class TaskCard(Struct, frozen=True):
    """A task as it is shown; `settles` are the findings' checks with the places of their cards.

    A record that is not `is_of_title` stands behind the step that speaks of it.
    """

    number: int
    task: TaskEntry
    owner: str
    impact: str
    record: tuple[str, ...]
    settles: tuple[tuple[str, str], ...]
    is_of_title: bool


class View(Struct, frozen=True):
    """Everything that the page shows, in its order."""

    document: Document
    headline: str
    subline: str | None
    tally: str
    departure: Departure | None
    second_opinion: tuple[str, ...]
    fate: Picture | None
    fates: tuple[tuple[str, str], ...]
    tasks: tuple[TaskCard, ...]
    later: tuple[TaskCard, ...]
    answers: tuple[AnswerEntry, ...]
    matrix: Standing | None
    fix_first: Group
    families: tuple[Group, ...]
    pictures: tuple[Picture, ...]
    causes: tuple[ranking.Cause, ...]
    passed: tuple[tuple[str, tuple[ResultEntry, ...]], ...]
    terms: tuple[tuple[str, str], ...]
    not_asked: tuple[tuple[str, tuple[str, ...]], ...]
    suppressed: tuple[Item, ...]


def view(document: Document) -> View:
    """Return the content of the page."""
    first = _group(document, "fix-first", "What stops the send", ranking.fix_first(document))
    rest = [
        _group(document, f"family-{place}", words.family(name), found)
        for place, (name, found) in enumerate(ranking.the_rest(document).items())
    ]
    places = {
        (card.result.check, card.finding.fingerprint): card.id for group in (first, *rest) for card in group.cards
    }
    cards = task_cards(document, places)
    fates = outlook(document)
    return View(
        document=document,
        headline=headline.headline(document),
        subline=headline.subline(document),
        tally=headline.tally(document),
        departure=departure(document),
        second_opinion=second_opinion(document),
        fate=pictures.fate(fates) if fates else None,
        fates=fates.lines if fates else (),
        tasks=tuple(card for card in cards if card.task.stage is Stage.NOW),
        later=tuple(card for card in cards if card.task.stage is not Stage.NOW),
        answers=sender_answers(document),
        matrix=standing(document),
        fix_first=first,
        families=tuple(rest),
        pictures=tuple(_pictures(document)),
        causes=tuple(ranking.causes(document)),
        passed=tuple((words.family(name), tuple(found)) for name, found in ranking.passed(document).items()),
        terms=tuple(terms(document)),
        not_asked=tuple((reason, tuple(checks)) for reason, checks in ranking.not_asked(document).items()),
        suppressed=tuple(ranking.suppressed(document)),
    )


def task_cards(
    document: Document, places: Mapping[tuple[str, str], str] = MappingProxyType({})
) -> tuple[TaskCard, ...]:
    """Return the tasks in their order; `places` tells where in the page the finding of a check and a fingerprint is."""
    return tuple(_task(document, task, number, places) for number, task in enumerate(tasks(document), 1))


def _group(document: Document, name: str, title: str, found: list[Item]) -> Group:
    seen: dict[str, int] = defaultdict(int)
    cards: list[Card] = []
    for item in found:
        seen[item.result.check] += 1
        if seen[item.result.check] <= FINDINGS_OF_ONE_CHECK:
            explain = seen[item.result.check] == 1
            cards.append(_card(document, item, f"{name}-{len(cards) + 1}", len(cards) + 1, explain=explain))
    return Group(name, title, tuple(cards), len(found) - len(cards))


def _card(document: Document, item: Item, name: str, number: int, *, explain: bool) -> Card:
    finding = item.finding
    return Card(
        id=name,
        number=number,
        finding=finding,
        result=item.result,
        owner=words.OWNERS[finding.fix.owner],
        impact=words.touches(finding, document),
        why=why(item.result) if explain else "",
        record=tuple(record_lines(finding.fix.dns_record or "")),
        proof=proof_sentence(finding.fix.proof) if finding.fix.proof else "",
        stage=stage_sentence(finding.fix),
        remembered=remembered_sentence(finding.fix, document.generated_at),
        letter=letter(document, item),
        references=tuple(references(item.result)) if explain else (),
    )


def _task(document: Document, task: TaskEntry, number: int, places: Mapping[tuple[str, str], str]) -> TaskCard:
    settles: dict[str, str] = {}
    for one in task.findings:
        settles.setdefault(one.check, places.get((one.check, one.fingerprint), ""))
    return TaskCard(
        number=number,
        task=task,
        owner=words.OWNERS[task.owner],
        impact=words.impact(task.impact, document) if task.impact and task.impact.providers else "",
        record=tuple(record_lines(task.dns_record or "")),
        settles=tuple(settles.items()),
        is_of_title=is_of_title(document, task),
    )


def _pictures(document: Document) -> list[Picture]:
    audience, volume = list_figures(document), volume_figures(document)
    found: list[Picture | None] = []
    if audience:
        found.append(pictures.composition(audience))
        found.append(pictures.providers(audience) if audience.providers else None)
    if volume and volume.series:
        found.append(pictures.over_time(volume.series))
    if volume:
        found.append(pictures.peaks(volume))
    found.append(pictures.spf(document.facts.spf_tree))
    return [picture for picture in found if picture is not None]
