"""The report as JUnit XML: a test case for each check."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from mailaudit.checks.finding import Outcome, Severity
from mailaudit.reports.content import headline, ranking, words
from mailaudit.reports.document.types import Document, FindingEntry, ResultEntry
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.safe_text import plain

_OPEN = frozenset({Outcome.UNVERIFIED, Outcome.CRASHED})
_SKIPPED = frozenset({Outcome.SKIPPED, Outcome.NOT_APPLICABLE})


def render(document: Document, options: RenderOptions) -> str:
    """Return the report as JUnit XML; the options change nothing.

    A check whose findings reach the severity to fail on is a failure, one without a verdict an error, one that was
    not asked, or on which nothing hangs, is skipped. Findings below that severity stand in the suite's output. What is
    written is valid for the schema of Ant (windyroad/JUnit-Schema) and for that of Jenkins (xunit-plugin, junit-10).
    """
    del options
    bar = Severity.ERROR if document.gate.fail_on == "never" else Severity(document.gate.fail_on)
    root = Element("testsuites")
    families: dict[str, list[ResultEntry]] = {}
    for result in document.results:
        families.setdefault(result.family, []).append(result)
    for number, (family, results) in enumerate(families.items()):
        suite = SubElement(root, "testsuite", {"name": f"mailaudit.{plain(family)}", "package": "mailaudit"})
        properties = SubElement(suite, "properties")
        SubElement(properties, "property", {"name": "verdict", "value": plain(headline.headline(document))})
        said = [text for result in results for text in _case(suite, result, bar)]
        SubElement(suite, "system-out").text = "\n\n".join(said)
        SubElement(suite, "system-err")
        when = f"{document.generated_at:%Y-%m-%dT%H:%M:%S}"
        suite.attrib.update({"id": str(number), "hostname": "localhost", "timestamp": when, **_counts(suite)})
    return as_text(root)


def as_text(root: Element) -> str:
    """Return suites as an XML document."""
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _case(suite: Element, result: ResultEntry, bar: Severity) -> Iterator[str]:
    """Add the case of a check, and yield what there is to say beside its outcome."""
    live = [finding for finding in result.findings if finding.suppressed is None]
    name = plain(result.check)
    case = SubElement(suite, "testcase", {"classname": suite.get("name", ""), "name": name, "time": "0"})
    failing = [finding for finding in live if finding.severity.rank >= bar.rank]
    if failing:
        more = f" (and {len(failing) - 1} more)" if len(failing) > 1 else ""
        attributes = {"message": plain(failing[0].message) + more, "type": failing[0].severity.value}
        SubElement(case, "failure", attributes).text = "\n\n".join(map(_told, failing))
    elif result.outcome in _OPEN and not ranking.is_notice(result):
        reason = plain(result.reason or "; ".join(item.reason for item in result.unverified) or "no reason given")
        SubElement(case, "error", {"message": reason, "type": result.outcome.value}).text = reason
    elif result.outcome in _OPEN | _SKIPPED:
        SubElement(case, "skipped", {"message": plain(result.reason or result.outcome.value)})
    yield from (f"{name}: {_told(finding)}" for finding in live if finding not in failing)
    yield from (f"{name} could not be verified: {_open(item.subject, item.reason)}" for item in result.unverified)
    yield from (f"{name}: {_suppressed(finding)}" for finding in result.findings if finding.suppressed)


def _told(finding: FindingEntry) -> str:
    where = f"{finding.location}: " if finding.location else ""
    return "\n".join(map(plain, (f"{where}{finding.severity.value}: {finding.message}", *words.asked(finding))))


def _open(subject: str | None, reason: str) -> str:
    return plain(f"{subject}: {reason}" if subject else reason)


def _suppressed(finding: FindingEntry) -> str:
    reason = finding.suppressed.reason if finding.suppressed else ""
    return plain(f"Suppressed ({reason}): {finding.message}")


def _counts(parent: Element) -> dict[str, str]:
    cases = list(parent.iter("testcase"))
    outcomes = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    counted = {name: str(sum(case.find(tag) is not None for case in cases)) for name, tag in outcomes.items()}
    return {"tests": str(len(cases)), **counted, "time": "0"}
