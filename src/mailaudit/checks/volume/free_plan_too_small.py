"""The free plan of the platform does not send the whole list in a day.

## Why it matters
Platforms cap what their free plans, trials and sandboxes send in a day. What is beyond the cap waits for the next day, or is
refused and lost, without anything being wrong with the mail.

## How to fix
Look at the plan of your account. With the free plan, take a paid one for this campaign or spread it over the days that it
needs; with a paid plan, put this note aside.

## References
- [Brevo: e-mails of a plan](https://help.brevo.com/hc/en-us/articles/8292912279954)
- [Amazon SES: quotas](https://docs.aws.amazon.com/ses/latest/dg/quotas.html)
"""

from mailaudit.checks.rule import Confidence, Evidence, Facts, Owner, Problem, Problems, Severity, check
from mailaudit.facts.observed import NotApplicable
from mailaudit.wording import length, numbered


@check(
    Severity.NOTE,
    passed="The list is not larger than what the platform's free plan sends in a day.",
    needs=("dns", "recipients"),
)
def free_plan_too_small(facts: Facts) -> Problems:
    """Yield a problem for each plan of the platform whose limit the list exceeds."""
    facts.sender.sends_via.get()  # what could not be found out is no platform without limits
    platform = facts.sender.origin.verdict.platform
    if platform is None or not platform.limits:
        raise NotApplicable("no limit of a plan is known for what sends this campaign")
    people = facts.recipients.unique
    for limit in platform.limits:
        # What is only believed of a plan is not worth a note.
        if people <= limit.max or limit.provenance.confidence is Confidence.LOW:
            continue
        most, needed = numbered(limit.max, "mail"), f"{-(-people // limit.max):,}"
        window, plan = length(limit.window_s), limit.condition
        yield Problem.about(
            platform.id,
            f"{platform.name} sends at most {most} in {window} with its {plan}: if that is your account,"
            f" your list of {people:,} addresses needs {needed} times as long."
            if plan
            else f"{platform.name} sends at most {most} in {window}: your list of {people:,} addresses needs {needed}"
            " times as long.",
            "Look at the plan of your account; take a larger one, or spread the campaign.",
            owner=Owner.PLATFORM,
            location="sending.platform",
            evidence=(Evidence("limit", f"{limit.provenance.source}, checked on {limit.provenance.date}"),),
            confidence=limit.provenance.confidence,
            discriminator=plan or "every plan",
        )
