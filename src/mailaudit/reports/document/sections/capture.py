"""`facts.capture` of the JSON report."""

from mailaudit.facts.capture.model import CaptureFacts
from mailaudit.reports.document.base import Part, Text


class CapturedProvider(Part):
    """How many deliveries went to a mailbox provider, and over how many connections at the same time at most."""

    provider: Text
    recipients: int
    connections: int


class CaptureSection(Part):
    """What a dry run of the sender's own software recorded; a number that was not established is null, never 0."""

    folder: Text
    started_at: Text | None = None
    is_whole: bool
    ended_by: Text | None = None
    command_exit: int | None = None
    messages: int
    recipients: int
    people: int
    seconds: float
    fastest_minute: int
    connections: int
    most_connections: int | None = None
    twice: int
    refusing: int | None = None
    strangers: int | None = None
    missed: int | None = None
    untried: int | None = None
    same_message_id: int
    same_unsubscribe: int
    with_unsubscribe: int
    bare_line_ends: int
    unfinished: int
    broken_lines: int
    shapes: int
    samples: int
    from_domains: tuple[Text, ...]
    mail_from_domains: tuple[Text, ...]
    helo_names: tuple[Text, ...]
    providers: tuple[CapturedProvider, ...]
    answer: Text | None = None
    refused: int = 0
    retried: int = 0
    gave_up: int = 0
    insisted: int = 0
    soonest_retry_s: float | None = None
    shown_others: int = 0
    other_from: int = 0


def capture_section(found: CaptureFacts) -> CaptureSection:
    """Return what is known of a dry run."""
    connections = dict(found.at_once)
    return CaptureSection.of(
        found,
        folder=found.display,
        seconds=round(found.seconds, 6),
        fastest_minute=found.fastest,
        refusing=found.reached.refusing,
        strangers=found.reached.strangers,
        missed=found.reached.missed,
        untried=found.reached.untried,
        broken_lines=found.broken,
        providers=tuple(
            CapturedProvider(provider=name, recipients=count, connections=connections.get(name, 0))
            for name, count in found.providers
        ),
    )
