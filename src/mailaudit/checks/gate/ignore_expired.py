"""An ignore entry has expired, so its finding counts again.

## Why it matters
An ignore with a date is a promise to put something right by then. The date has passed: the finding is no
longer suppressed, and whoever reads the report should know why it came back.

## How to fix
Put the finding right and remove the entry, or agree on a new date and write it into `until`.

## References
- The campaign file, key `ignore`: `until` is the last day on which the entry counts.
"""

from mailaudit.checks.gate._ignore_entries import AppliedIgnore
from mailaudit.checks.rule import Problem, Problems, Severity, check


@check(Severity.WARNING, passed="No ignore entry has expired.")
def ignore_expired(ignores: tuple[AppliedIgnore, ...]) -> Problems:
    """Yield a problem for each entry whose last day has passed."""
    for applied in ignores:
        entry = applied.entry
        if applied.expired:
            yield Problem.about(
                entry.check,
                f"The ignore entry for {entry.check} ended on {entry.until}: its finding counts again.",
                "Put the finding right and remove the ignore entry.",
                "If it must stay for now, agree on a new date and write it into until.",
                discriminator=entry.subject or "",
                location=f"{applied.key}.until",
            )
