"""What checks of missing records have in common."""

from mailaudit.checks.change import PointAlias
from mailaudit.checks.finding import Fix, Owner
from mailaudit.facts.dns.answer import Answer
from mailaudit.facts.facts import Facts
from mailaudit.facts.sender.lookalikes import alias_as_text
from mailaudit.facts.sender.names import is_public_suffix, is_shared_suffix


def finished_target(alias: str, meant: str) -> Fix:
    """Return how an alias is put right whose target lacks its final dot."""
    step = f"Write {meant}. with its final dot as the target of the CNAME at {alias}."
    return Fix.by(Owner.DNS_ADMIN, step, change=PointAlias(alias, meant))


def of_suffix(domain: str) -> Fix | None:
    """Return what is to be done where nobody but a registry can publish anything."""
    if not is_public_suffix(domain) or is_shared_suffix(domain):
        return None
    step = f"Write an address of your own domain: {domain} is a public suffix, under which others register theirs."
    return Fix.by(Owner.SENDER, step)


def of_alias(facts: Facts, answer: Answer) -> Fix | None:
    """Return how an alias is put right whose target lacks its final dot, or that was published as TXT."""
    unfinished = facts.sender.wrong_names.unfinished_alias(answer)
    return finished_target(*unfinished) if unfinished else of_typed_alias(facts, answer)


def of_typed_alias(facts: Facts, answer: Answer) -> Fix | None:
    """Return how a TXT record that holds the name of a host becomes the alias that was meant."""
    target = None if answer.name == facts.sender.organizational_domain else alias_as_text(answer)
    if target is None:
        return None
    steps = (
        f"Delete the TXT record at {answer.name}, which holds the name of a host.",
        f"Publish a CNAME at {answer.name} in its place, with {target} as its target.",
    )
    return Fix(Owner.DNS_ADMIN, steps, PointAlias(answer.name, target))
