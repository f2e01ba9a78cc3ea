"""What is known of the keys that sign, where the campaign names none."""

from mailaudit.checks.rule import Confidence, Facts
from mailaudit.knowledge.lookup import platform_named
from mailaudit.knowledge.types.platform import RecordStatus


def has_key(facts: Facts) -> bool:
    """Say whether the key of a service was found at the sender's domain or below it, and leads somewhere."""
    return any(clue.record == "dkim" and not clue.is_dangling for clue in facts.sender.origin.verdict.clues)


def untold_keys(facts: Facts) -> str | None:
    """Return why the keys of the platform that sends cannot be looked up; nothing when they can, or without platform."""
    platform = platform_named(facts.sender.platform) if facts.sender.platform else None
    if platform is None:
        return None
    keys = [one for one in platform.records if one.purpose == "dkim" and one.status is not RecordStatus.DEPRECATED]
    sure = [one for one in keys if one.provenance.confidence is not Confidence.LOW]
    if sure and all(one.is_probeable for one in keys):
        return None
    what = "gives each customer names of its own" if sure else "has keys of names that are not known here"
    return f"{platform.name} {what}, so whether they are published is not known: {line_to_add(facts)}"


def line_to_add(facts: Facts) -> str:
    """Return what to add to the campaign file so that its key can be looked up."""
    return (
        f"write `dkim: [{{selector: …, domain: {facts.sender.from_domain}}}]` under sending, as s= and d= of a"
        " DKIM-Signature show them"
    )
