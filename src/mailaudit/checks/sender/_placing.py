"""What checks of missing records have in common."""

from mailaudit.checks.change import PointAlias
from mailaudit.checks.finding import Fix, Owner
from mailaudit.facts.dns.answer import Answer
from mailaudit.facts.facts import Facts


def finished_target(alias: str, meant: str) -> Fix:
    """Return how an alias is put right whose target lacks its final dot."""
    step = f"Write {meant}. with its final dot as the target of the CNAME at {alias}."
    return Fix(Owner.DNS_ADMIN, (step,), PointAlias(alias, meant))


def of_unfinished(facts: Facts, answer: Answer) -> Fix | None:
    """Return how the alias of an answer is put right, where its target lacks its final dot."""
    unfinished = facts.sender.wrong_names.unfinished_alias(answer)
    return finished_target(*unfinished) if unfinished else None
