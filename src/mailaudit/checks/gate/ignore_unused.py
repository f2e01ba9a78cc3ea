"""An ignore entry matches no finding.

## Why it matters
An entry that matches nothing hides the next real finding that happens to look like it, or is a typing error and
never worked.

## How to fix
Remove the entry, or correct the name of the check or the subject.

## References
- The campaign file, key `ignore`.
"""

from mailaudit.checks.gate._ignore_entries import AppliedIgnore
from mailaudit.checks.registry import find, suggest
from mailaudit.checks.rule import Problem, Problems, Severity, Unavailable, check


@check(Severity.NOTE, passed="Every ignore entry is in use.")
def ignore_unused(ignores: tuple[AppliedIgnore, ...]) -> Problems:
    """Yield a problem for each live entry that matched no finding although its check was judged."""
    for applied in ignores:
        if applied.expired or applied.used or applied.is_open or not applied.judged:
            continue
        entry = applied.entry
        about = f"{entry.check} on {entry.subject}" if entry.subject else entry.check
        yield Problem.about(
            entry.check,
            f"The ignore entry for {about} matches no finding{_hint(entry.check)}",
            _step(entry.check),
            discriminator=entry.subject or "",
            location=applied.key,
        )
    for applied in ignores:
        if applied.is_open and not (applied.expired or applied.used):
            raise Unavailable(f"{applied.entry.check}, which an ignore entry names, could not be verified")


def _hint(name: str) -> str:
    if find(name) is not None or any(sign in name for sign in "*?["):
        return "."
    likely = suggest(name)
    return ": there is no check of this name" + (f"; did you mean {likely}?" if likely else ".")


def _step(name: str) -> str:
    likely = suggest(name)
    if find(name) is None and likely and not any(sign in name for sign in "*?["):
        return f"There is no check named {name}; if you mean {likely}, write that."
    return "Remove the entry, or correct the name of the check or the subject."
