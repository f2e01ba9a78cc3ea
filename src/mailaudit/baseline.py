"""The baseline: findings that are accepted as they are today, each up to the magnitude that it has."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain

import msgspec
from msgspec import Struct

from mailaudit.checks.finding import Finding, Magnitude, Severity
from mailaudit.errors import refused
from mailaudit.location import Location

FORMAT = 1
_ADVICE = "give a file that `mailaudit check --write-baseline FILE` or `-o report.json` wrote"


class Accepted(Struct, frozen=True):
    """A finding that is accepted up to its magnitude (any, when it has none), until a day if one is given."""

    fingerprint: str
    check: str = ""
    subject: str = ""
    severity: Severity = Severity.ERROR
    magnitude: Magnitude | None = None
    until: date | None = None

    def covers(self, finding: Finding, today: date) -> bool:
        """Say whether a finding of this fingerprint is no worse than what was accepted."""
        if self.until is not None and today > self.until:
            return False
        if self.magnitude is None or finding.magnitude is None:
            return finding.severity.rank <= self.severity.rank
        return finding.magnitude.unit == self.magnitude.unit and finding.magnitude.value <= self.magnitude.value


class Ledger:
    """What is left of a baseline while findings are held against it: each entry covers one finding."""

    def __init__(self, entries: Iterable[Accepted], today: date) -> None:
        self.today = today
        self._of: dict[str, list[Accepted]] = {}
        for entry in entries:
            self._of.setdefault(entry.fingerprint, []).append(entry)

    @property
    def entries(self) -> Iterator[Accepted]:
        """The entries that covered nothing."""
        return chain.from_iterable(self._of.values())

    def take(self, finding: Finding) -> Accepted | None:
        """Return the entry that covers a finding, the tightest of several, and use it up."""
        same = self._of.get(finding.fingerprint, [])
        taken = min((entry for entry in same if entry.covers(finding, self.today)), key=_size, default=None)
        return self._used_up(taken)

    def outgrown(self, finding: Finding) -> Accepted | None:
        """Return the entry that covered a finding before it grew, and use it up."""
        same = self._of.get(finding.fingerprint, []) if finding.magnitude else []
        return self._used_up(max((entry for entry in same if entry.magnitude), key=_size, default=None))

    def _used_up(self, entry: Accepted | None) -> Accepted | None:
        if entry is not None:
            self._of[entry.fingerprint].remove(entry)
        return entry


def accepted(findings: Iterable[Finding], before: tuple[Accepted, ...], today: date) -> Iterator[Accepted]:
    """Yield a baseline of the findings; with one `before`, only what it covers, so that it can but tighten."""
    ledger = Ledger(before, today)
    for finding in findings:
        known = ledger.take(finding) if before else None
        if known is not None or not before:
            until = known.until if known else None
            yield Accepted(
                finding.fingerprint, finding.check, finding.subject, finding.severity, finding.magnitude, until
            )


def dumps(entries: Iterable[Accepted]) -> str:
    """Return a baseline as JSON, in an order that does not change from run to run."""
    # People read and compare these files: what an entry is about stands first.
    named = ({"check": one.check, "subject": one.subject} | msgspec.to_builtins(one) for one in entries)
    told = sorted(named, key=lambda entry: (entry["check"], entry["subject"], str(entry)))
    return json.dumps({"baseline_version": FORMAT, "accepted": told}, indent=2, ensure_ascii=False) + "\n"


def loads(text: str, path: str) -> tuple[Accepted, ...]:
    """Read a baseline, or the findings of a JSON report; raises `InputError` that names the file."""
    try:
        content = json.loads(text.removeprefix("\ufeff"))
        if not isinstance(content, dict):
            raise TypeError(content)  # noqa: TRY301 - told below, like everything that is no baseline
        if content.get("baseline_version", FORMAT) != FORMAT:
            raise ValueError(content)  # noqa: TRY301 - as above
        if "baseline_version" in content:
            told = content["accepted"]
        else:
            told = [
                {**one, "check": result["check"]} for result in content["results"] for one in result["findings"]
            ]
        # Without its severity an entry would cover a worse finding.
        return msgspec.convert([{**one, "severity": one["severity"]} for one in told], tuple[Accepted, ...])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, msgspec.ValidationError) as error:
        what = f"this is neither a baseline nor a JSON report of mailaudit ({_reason(error)})"
        raise refused(what, Location(path), _ADVICE) from error


def _reason(error: Exception) -> str:
    return f"{error.args[0]} is missing" if isinstance(error, KeyError) else type(error).__name__


def _size(entry: Accepted) -> float:
    return entry.magnitude.value if entry.magnitude else float("inf")
