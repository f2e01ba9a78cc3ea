"""The whole JSON report, version 1, as types; the order of the fields is the order of the keys."""

from typing import Literal

from pydantic import AwareDatetime, Field, JsonValue

from mailaudit.checks.finding import Confidence, Outcome, Severity
from mailaudit.reports.document.base import Part, Text
from mailaudit.reports.document.dns import DnsSection
from mailaudit.reports.document.fix import FixEntry, ProofEntry
from mailaudit.reports.document.impact import ImpactEntry
from mailaudit.reports.document.providers import MatrixSection
from mailaudit.reports.document.sender_parts.lookup_tree import SpfTermEntry
from mailaudit.reports.document.sender_parts.second_opinion import SecondOpinionSection
from mailaudit.reports.document.task import TaskEntry

SCHEMA_VERSION: Literal[1] = 1

JsonObject = dict[str, JsonValue]
VerdictName = Literal["ready", "ready-with-warnings", "ready-with-accepted", "not-ready", "incomplete"]


class Tool(Part):
    """The program that wrote the report."""

    name: Literal["mailaudit"] = "mailaudit"
    version: str


class CampaignEntry(Part):
    """The campaign that was audited; `file` is the name under which it was given."""

    name: Text
    file: Text
    sha256: str
    from_domain: Text


class CountsEntry(Part):
    """How many findings count (by severity) or are suppressed, and how many checks have no verdict."""

    error: int = Field(0, ge=0)
    warning: int = Field(0, ge=0)
    note: int = Field(0, ge=0)
    unverified: int = Field(0, ge=0)
    crashed: int = Field(0, ge=0)
    suppressed: int = Field(0, ge=0)


class LocationEntry(Part):
    """A place in an input file; line and column count from 1."""

    path: Text
    line: int | None = Field(None, ge=1)
    column: int | None = Field(None, ge=1)

    def __str__(self) -> str:
        """Return `path:line:column`."""
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)


class EvidenceEntry(Part):
    """One observation that supports a finding."""

    label: Text
    value: Text


class MagnitudeEntry(Part):
    """How much of a problem there is; a baseline covers it up to that."""

    value: int
    unit: Text


class SuppressedEntry(Part):
    """Why a finding does not count, and until when (an ISO date); `source` is `ignore`, `policy` or `baseline`."""

    reason: Text
    until: str | None = None
    source: str = "ignore"


class FindingEntry(Part):
    """One thing that is wrong; the fingerprint holds neither wording nor line numbers.

    `outgrown` is the magnitude up to which a baseline had accepted it.
    """

    fingerprint: str
    severity: Severity
    confidence: Confidence
    subject: Text
    message: Text
    location: LocationEntry | None = None
    evidence: tuple[EvidenceEntry, ...] = ()
    fix: FixEntry
    impact: ImpactEntry | None = None
    suppressed: SuppressedEntry | None = None
    check: Text = ""
    magnitude: MagnitudeEntry | None = None
    outgrown: int | None = None


class UnverifiedEntry(Part):
    """One subject that a check could not judge, and why."""

    subject: Text | None = None
    reason: Text


class ResultEntry(Part):
    """What one check said; it has findings exactly when its outcome is `failed`.

    `doc` is the check's documentation in Markdown, given when the check failed or has no verdict. A check of
    severity `error` whose `gate_when_unverified` is true leaves the audit incomplete when it has no verdict. `follows`
    names the checks (globs) whose findings bring those of this one about.
    """

    check: Text
    family: Text
    severity: Severity
    outcome: Outcome
    reason: Text | None = None
    findings: tuple[FindingEntry, ...] = ()
    title: Text = ""
    passed_message: Text = ""
    gate_when_unverified: bool = True
    follows: tuple[Text, ...] = ()
    doc: Text | None = None
    unverified: tuple[UnverifiedEntry, ...] = ()


class FactsSection(Part):
    """What was observed; a family is null (the message: empty) when the campaign does not give its input."""

    sender: JsonObject
    recipients: JsonObject | None = None
    volume: JsonObject | None = None
    message: JsonObject = Field(default_factory=dict)
    dns: DnsSection = DnsSection()
    providers_matrix: MatrixSection | None = None
    spf_tree: tuple[SpfTermEntry, ...] = ()
    second_opinion: SecondOpinionSection | None = None
    capture: JsonObject | None = None


class InputEntry(Part):
    """An input file and the hash of its bytes."""

    path: Text
    sha256: str


class Provenance(Part):
    """Where the answers come from: the resolver in words, and the input files."""

    resolver: Text = ""
    inputs: tuple[InputEntry, ...] = ()


class GateEntry(Part):
    """The severity from which findings fail the audit, and the exit code that followed.

    `notes` tell what the campaign file says about its own judgement; `shrunk` how many accepted problems are smaller than
    they were, or gone.
    """

    fail_on: Literal["error", "warning", "note", "never"] = "error"
    exit_code: int = 0
    notes: tuple[Text, ...] = ()
    shrunk: int = 0


class SpfChangeEntry(ProofEntry):
    """What draft zone files change for who may send as a domain."""

    domain: Text


class Document(Part):
    """A whole report. Every other format is made from this and from nothing else."""

    schema_version: Literal[1] = SCHEMA_VERSION
    tool: Tool
    generated_at: AwareDatetime
    campaign: CampaignEntry
    verdict: VerdictName
    counts: CountsEntry
    results: tuple[ResultEntry, ...]
    facts: FactsSection
    spf_changes: tuple[SpfChangeEntry, ...] = ()
    gate: GateEntry = GateEntry()
    notes: tuple[Text, ...] = ()
    provenance: Provenance = Provenance()
    tasks: tuple[TaskEntry, ...] = ()
