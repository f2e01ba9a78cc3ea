"""What is to be done, as the report says it."""

from pydantic import Field

from mailaudit.checks.finding import Owner
from mailaudit.checks.remedy import Stage
from mailaudit.reports.document.base import Part, Text
from mailaudit.reports.document.fix import RecordEntry
from mailaudit.reports.document.impact import ImpactEntry


class SettledEntry(Part):
    """A finding that a task settles."""

    check: Text = Field(description="name of the check that found it")
    subject: Text = Field(description="what is wrong: a domain, an address, a file")
    fingerprint: str = Field(description="the finding's fingerprint, the same as under results")


class TaskEntry(Part):
    """One thing to do, for one person: everything that has the same cause or the same remedy."""

    title: Text = Field(description="what to do, in one sentence without a full stop")
    owner: Owner = Field(description="who can do it")
    findings: tuple[SettledEntry, ...] = Field(description="the findings that it settles, the most urgent first")
    records: tuple[RecordEntry, ...] = Field((), description="the proven DNS records to publish")
    command: Text | None = Field(None, description="the command of mailaudit that does it or works it out")
    steps: tuple[Text, ...] = Field(
        (), description="what else it takes: what neither the title nor a record nor the command says"
    )
    impact: ImpactEntry | None = Field(
        None,
        description="whom it saves: the union of the recipients that its most severe findings touch, at least",
    )
    stage: Stage = Field(
        description="now: before the send; later: what is likely to hurt; optional: what is good to know"
    )
    why: Text = Field("", description="the most urgent finding's message")
    condition: Text | None = Field(None, description="what must be true before the records are published")
    dns_record: Text | None = Field(None, description="the records as zone-file lines, separated by line breaks")
