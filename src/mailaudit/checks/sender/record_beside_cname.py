"""An alias stands beside other records of the same name.

## Why it matters
A name with a CNAME record is another word for its target and may have no records of its own. Some DNS servers refuse the
whole zone then, others answer now with the alias and now with the record, so receivers do not agree on what you publish. It
happens when a service asks for a CNAME and the old record is left beside it, or when a panel allows a CNAME at the domain
itself.

## How to fix
Decide which of the two is meant, and delete the other. At the domain itself, where SOA and NS must stand, no CNAME is
possible: use the host's ALIAS or flattening instead, or addresses.

## References
- [RFC 1034, section 3.6.2](https://www.rfc-editor.org/rfc/rfc1034#section-3.6.2)
- [RFC 2181, section 10.1](https://www.rfc-editor.org/rfc/rfc2181#section-10.1)
"""

from mailaudit.checks.rule import Evidence, Facts, Owner, Problem, Problems, Severity, check
from mailaudit.facts.sender.names import is_at_or_under
from mailaudit.facts.sender.wrong_names import Alias


@check(
    Severity.WARNING,
    passed="No name of the sender has an alias beside other records.",
    each=lambda facts: facts.sender.wrong_names.aliases,
    gate_when_unverified=False,
)
def record_beside_cname(facts: Facts, alias: Alias) -> Problems:
    """Yield a problem for a name that has a CNAME record and records of its own."""
    beside, name = alias.beside, str(alias)
    if not beside:
        return
    own = is_at_or_under(name, facts.sender.organizational_domain)
    types = " and ".join(answer.type for answer in beside)
    yield Problem.about(
        name,
        f"{name} has a CNAME record and {types} records as well: some servers refuse the whole zone, and"
        " receivers do not agree on what is there.",
        *_steps(name, types, is_zone=name == facts.sender.organizational_domain or "SOA" in types),
        owner=Owner.DNS_ADMIN if own else Owner.PLATFORM,
        evidence=(
            Evidence(f"{name} CNAME", str(alias.cname.records[0])),
            *(Evidence(f"{name} {answer.type}", str(answer.records[0])[:200]) for answer in beside),
        ),
    )


def _steps(name: str, types: str, *, is_zone: bool) -> tuple[str, ...]:
    if is_zone:
        return (
            f"Delete the CNAME: the name of the zone itself needs its {types} records.",
            "Where a web site asked for it, use the address records or the ALIAS that your DNS host offers instead.",
        )
    return (
        f"Keep the CNAME at {name} if the service that you use asked for it, and delete its {types} records.",
        "Otherwise delete the CNAME.",
    )
