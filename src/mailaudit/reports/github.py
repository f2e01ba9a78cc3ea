"""The report as workflow commands of GitHub Actions, which become annotations."""

from collections.abc import Iterator

from mailaudit.checks.finding import Severity
from mailaudit.language.spoken import said
from mailaudit.reports.content import headline, ranking, words
from mailaudit.reports.content.ranking import Item
from mailaudit.reports.document.types import Document
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.places import in_repository
from mailaudit.reports.safe_text import for_runner, plain
from mailaudit.wording import numbered

# GitHub shows at most ten annotations of each level from one step.
AT_MOST = 10
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(document: Document, options: RenderOptions) -> str:
    """Return a line for each annotation, errors first, at most ten of a level."""
    told = (headline.headline(document), headline.subline(document) or "")
    lines = [for_runner(plain(said(line))) for line in told if line]
    found = ranking.items(document)
    for severity, command in _COMMANDS.items():
        of_level = [_annotation(command, item, options) for item in found if item.finding.severity is severity]
        open_ones = [cause for cause in ranking.causes(document) if command == _command(cause)]
        of_level += [line for cause in open_ones for line in _open(cause)]
        lines += _capped(command, of_level)
    return "\n".join(lines) + "\n"


def _capped(command: str, lines: list[str]) -> list[str]:
    if len(lines) <= AT_MOST:
        return lines
    left = len(lines) - AT_MOST + 1
    return [
        *lines[: AT_MOST - 1],
        _line(command, {"title": "mailaudit"}, f"{left:,} more; the full report has them all"),
    ]


def _annotation(command: str, item: Item, options: RenderOptions) -> str:
    finding, location = item.finding, item.finding.location
    properties = {"title": f"mailaudit: {item.result.check}"}
    if location:
        properties["file"] = in_repository(location.path, options)
        if location.line:
            properties["line"] = str(location.line)
            if location.column:
                properties["col"] = str(location.column)
    return _line(command, properties, finding.message, *words.asked(finding))


def _command(cause: ranking.Cause) -> str:
    return "notice" if cause.is_notice else "warning"


def _open(cause: ranking.Cause) -> Iterator[str]:
    """Yield an annotation for checks that share a cause, or one for each subject of a single check."""
    if len(cause.checks) > 1:
        title = f"mailaudit: {numbered(len(cause.checks), 'check')} could not be verified"
        yield _line(_command(cause), {"title": title}, cause.reason, ", ".join(cause.checks))
        return
    for check, subjects in cause.checks.items():
        for subject in subjects or ("",):
            about = f"{subject}: " if subject else ""
            yield _line(
                _command(cause), {"title": f"mailaudit: {check} could not be verified"}, f"{about}{cause.reason}"
            )


def _line(command: str, properties: dict[str, str], *text: str) -> str:
    told = ",".join(f"{name}={_property(said(value))}" for name, value in properties.items())
    return f"::{command} {told}::" + "%0A".join(map(_data, map(said, text)))


def _data(text: str) -> str:
    return plain(text).replace("%", "%25")


def named(line: str, campaign: str) -> str:
    """Return a line of the report with the name of its campaign in front, or in front of the annotation's title."""
    if line.startswith("::"):
        return line.replace(" title=", f" title={_property(f'{campaign}: ')}", 1)
    return for_runner(f"{plain(campaign)}: {line}")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
