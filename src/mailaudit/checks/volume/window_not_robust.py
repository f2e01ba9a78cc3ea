"""A schedule keeps a limit only if every burst leaves to the second.

## Why it matters
A batch of 400 every ten minutes keeps a limit of 400 in any ten minutes, on paper. But servers wait for each other,
queues fill and empty, and receivers ask to come back later. When one batch is a minute late and the next a minute early,
800 arrive within ten minutes. Evenly spaced mail has no such edge.

The peak is computed with every message up to one minute early or late, a tenth of the window when it is shorter than
ten minutes. Only schedules that suffer more from this than evenly spaced mail would are named.

## How to fix
Send evenly (`rate`) instead of in batches, or make the batches smaller and more frequent.

## References
- [RFC 5321, section 4.5.4.1: sending strategy and retries](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.4.1)
- [Token buckets and bursts, RFC 2697](https://www.rfc-editor.org/rfc/rfc2697)
"""

from mailaudit.checks.rule import Evidence, Facts, NotApplicable, Problems, Severity, check
from mailaudit.checks.volume._words import BROKEN, limit_problem, limits_of_a_sender, name_of
from mailaudit.facts.volume.model import Peak, jitter_of, with_reserve
from mailaudit.wording import length


@check(
    Severity.WARNING,
    passed="Every limit is kept even when messages come a minute early or late.",
    each=limits_of_a_sender,
)
def window_not_robust(facts: Facts, peak: Peak) -> Problems:
    """Judge one limit that is kept on paper."""
    if peak.breached:
        raise NotApplicable(BROKEN)
    window = peak.rule.window_s
    if peak.is_robust:
        return
    early = length(float(jitter_of(window)))
    per_minute = with_reserve(peak.limit) * 60 // window
    yield limit_problem(
        facts,
        peak,
        peak.key,
        f"The schedule keeps {name_of(peak)} only to the second: when messages come up to {early} early or late, "
        f"{peak.jitter_peak:,} can fall into {length(window)}.",
        "Send evenly instead of in bursts, "
        + (f"for example `rate: {per_minute}/min`." if per_minute else "with `rate` instead of `batch`."),
        "If your software knows only batches, make them smaller: a tenth of the size, ten times as often.",
        evidence=(
            Evidence("as planned", f"{peak.peak:,} in {length(window)}"),
            Evidence(f"up to {early} early or late", f"{peak.jitter_peak:,} in {length(window)}"),
        ),
    )
