"""The sending program is set to another pace than the campaign file says.

## Why it matters
The schedule says what is meant, the program's own configuration what will happen. With `sending.settings` mailaudit reads
that file and projects its pace; the two should be the same, or one of them is forgotten.

## How to fix
Take the pace out of the schedule, so that the program's own counts, or change the program: `mailaudit plan --write` prints
the lines of its configuration that have to change.

## References
- [listmonk: performance settings](https://listmonk.app/docs/configuration/)
- [Postfix: rate delays](https://www.postfix.org/postconf.5.html#default_destination_rate_delay)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailaudit.checks.rule import Evidence, Facts, NotApplicable, Problem, Problems, Severity, check
from mailaudit.wording import length

if TYPE_CHECKING:
    from mailaudit.facts.volume.flow.pace import Pace

# A pace within a twentieth of the other is the same one, rounded.
_ALIKE = 0.05


@check(Severity.WARNING, passed="The sending program is set to the pace of the schedule.")
def pace_differs_from_settings(facts: Facts) -> Problems:
    """Yield a problem when the schedule and the program's own configuration give another pace."""
    volume = facts.volume
    settings, planned, true = volume.settings, volume.planned_pace, volume.true_pace
    if settings is None or true is None:
        raise NotApplicable("the campaign does not name the configuration of its program (sending.settings)")
    if planned is None:
        raise NotApplicable("the schedule gives no pace beside the program's own")
    if abs(true.per_second - planned.per_second) <= planned.per_second * _ALIKE:
        return
    yield Problem.about(
        settings.program,
        f"The schedule says {_words(planned)}, but {settings.display} sets {settings.program} to "
        f"{_words(true) if settings.pace else 'no pace at all'}: that is what happens.",
        "Leave the pace out of the schedule where the program's own is right.",
        f"Run `mailaudit plan --write` for the lines of {settings.display} that have to change.",
        location="sending.settings",
        evidence=tuple(
            Evidence(f"{name} (line {one.line})", one.value) for name, one in settings.settings.items()
        ),
    )


def _words(pace: Pace) -> str:
    """Return a pace as people say it: `40 every minute`, `1 every 1.54 seconds`."""
    return f"{pace.size:,} every {length(float(pace.step))}"
