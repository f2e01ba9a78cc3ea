"""The part of the report that shows what an SPF record leads to."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from pydantic import Field

from mailaudit.reports.document.base import Part, Text

if TYPE_CHECKING:
    # Only types: reading a saved report loads nothing of what observes or judges.
    from mailaudit.facts.sender.model import SenderFacts
    from mailaudit.facts.sender.spf.lookup_tree import SpfNode

MAX_TERMS = 100


class SpfTermEntry(Part):
    """One term that needs DNS, in the order of the record; `depth` 0 is the record of the MAIL FROM domain itself."""

    depth: int = Field(ge=0)
    term: Text
    domain: Text
    state: str = Field(description="what stands there: record, missing, several, loop, unavailable …")
    lookups: int = Field(description="DNS look-ups of this term and of all below it")


def spf_tree(facts: SenderFacts) -> tuple[SpfTermEntry, ...]:
    """Return the terms of the MAIL FROM domain's record and of the records that it includes: at most 100."""
    spf = facts.spf_by_domain.get(facts.mail_from_domain)
    return tuple(islice(_terms(spf.survey, 0), MAX_TERMS)) if spf else ()


def _terms(node: SpfNode, depth: int) -> Iterator[SpfTermEntry]:
    own = 1 if depth else 0
    yield SpfTermEntry(
        depth=depth, term=node.term, domain=node.domain, state=node.state.value, lookups=node.lookups + own
    )
    children = list(node.children)
    for cost in node.costs:
        if children and children[0].term == cost.text:
            yield from _terms(children.pop(0), depth + 1)
        else:
            state = "unavailable" if cost.failure else "addresses"
            yield SpfTermEntry(depth=depth + 1, term=cost.text, domain=cost.target or "", state=state, lookups=1)
