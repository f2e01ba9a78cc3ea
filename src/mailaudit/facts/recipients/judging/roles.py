"""Local parts that stand for a function rather than a person."""
# ruff: noqa: S608 - names of our own

from mailaudit.facts.recipients.judging.counts import ListCounts
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.knowledge.load import entries, kept
from mailaudit.knowledge.types.address import AddressesFile

WHY = "the name of a function, not of a person"


@kept
def role_names() -> list[str]:
    """Return the local parts that are names of functions, each once; those of several words in all ways to join them."""
    words = [word for one in entries(AddressesFile).roles for word in one.words]
    return list(dict.fromkeys(word.replace("-", sign) for word in words for sign in ("-", ".", "_", "")))


def is_role(local: str, names: str) -> str:
    """Return the portable condition that a local part is the name of a function, perhaps with a country behind it.

    `local` is an SQL expression without a tag, `names` what may stand behind IN.
    """
    places = ", ".join(f"'{place}'" for place in entries(AddressesFile).places)
    has_place = (
        f"length({local}) > 4 AND substr({local}, length({local}) - 2, 1) IN ('-', '_', '.') "
        f"AND substr({local}, length({local}) - 1) IN ({places})"
    )
    return f"CASE WHEN {has_place} THEN substr({local}, 1, length({local}) - 3) ELSE {local} END IN ({names})"


def add_roles(found: ListCounts) -> None:
    """Create `role(r, k)`, the first row of every recipient that is a function."""
    named = (
        "SELECT min(r) AS r, k FROM (SELECT r, k, CASE WHEN contains(local, '+') "
        "THEN split_part(local, '+', 1) ELSE local END AS name FROM "
        "(SELECT r, k, left(k, instr(k, '@') - 1) AS local FROM mailed)) "
        f"WHERE {is_role('name', 'SELECT unnest(?::VARCHAR[])')} GROUP BY k"
    )
    found.add(Kind.ROLE, "role", named, f"'{WHY}'", role_names())
