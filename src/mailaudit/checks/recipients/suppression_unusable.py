"""A suppression list holds rows that cannot be compared.

## Why it matters
A row of the suppression list without a readable address protects nobody: the person behind it may be on the list and be
mailed in spite of an unsubscription. A list that names nobody at all is most often an export that failed.

A row may hold an address (also as `mailto:`, in angle brackets, or with an invisible character), a whole domain
(`@acme.example`, `*@acme.example`, `acme.example`), all below it too (`*.acme.example`), or an MD5, SHA-1, SHA-256 or
SHA-512 digest in hexadecimal digits or base64; a remark (`# …`) may stand behind it. Bounce and complaint exports of the
usual platforms are understood: a soft bounce stops nobody, and how many there are is a note. Nor does a row of a complete
export whose own column says that the person is subscribed, where the same column says of others that they are not.

## How to fix
1. Repair the rows that the report names, or export the suppression list again.
2. Run the check again before you send.

## References
- [GDPR, article 21](https://eur-lex.europa.eu/eli/reg/2016/679/oj): the right to object
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from mailaudit.checks.recipients._findings import MAX_EVIDENCE
from mailaudit.checks.rule import (
    Evidence,
    Facts,
    Location,
    NotGiven,
    Owner,
    Problem,
    ProblemDetails,
    Problems,
    Severity,
    check,
)
from mailaudit.wording import numbered

if TYPE_CHECKING:
    from mailaudit.facts.recipients.model import SuppressionFile


@check(Severity.WARNING, passed="Every row of the suppression lists can be compared.")
def suppression_unusable(facts: Facts) -> Problems:
    """Report each suppression list with rows that hold neither an address nor a digest."""
    if facts.recipients.suppressed is None:
        raise NotGiven("the campaign names no suppression list (recipients.suppression)")
    for file in facts.recipients.suppression_files:
        if not file.rows:
            yield _problem(
                file,
                f"{file.name} names nobody who must not be mailed: a failed export?",
                f"Export {file.name} again, or leave it out of recipients.suppression while nobody has unsubscribed.",
                discriminator="empty",
            )
        if file.unusable:
            lines = file.unusable_lines[:MAX_EVIDENCE]
            yield _problem(
                file,
                f"{numbered(file.unusable, 'row')} of {file.name} cannot be compared with the list: "
                "the people behind them may be mailed although they must not.",
                f"Repair these rows of {file.name}, or export the list again.",
                location=Location(file.path, lines[0][0] if lines else None),
                evidence=tuple(Evidence(f"{file.name}:{line}", reason) for line, reason in lines),
            )
        if file.passing:
            yield _problem(
                file,
                f"{numbered(file.passing, 'row')} of {file.name} "
                f"{'tells of a failure' if file.passing == 1 else 'tell of failures'} that may pass, or of none: "
                "nobody is stopped for that.",
                "Nothing must be done; mail to these people may arrive the next time.",
                severity=Severity.NOTE,
                discriminator="passing",
            )
        if file.letting:
            yield _problem(
                file,
                f"{numbered(file.letting, 'row')} of {file.name} "
                f"{'says' if file.letting == 1 else 'say'} that its person may be mailed, beside others that refuse: "
                "a complete export, of which only those who refuse are stopped.",
                f"Nothing must be done, unless all of {file.name} must not be mailed: then leave its columns out.",
                severity=Severity.NOTE,
                discriminator="letting",
            )


def _problem(file: SuppressionFile, message: str, step: str, **told: Unpack[ProblemDetails]) -> Problem:
    whole = ProblemDetails(location=Location(file.path, None))
    return Problem.about(file.name, message, step, owner=Owner.LIST_OWNER, **(whole | told))
