"""What is known of a list that was judged, wherever its rows lie."""

from collections.abc import Sequence

from mailaudit.facts.recipients.judging.columns.merge_fields import joins
from mailaudit.facts.recipients.judging.columns.own_time import zones_of
from mailaudit.facts.recipients.judging.judge_list import JudgedList
from mailaudit.facts.recipients.judging.providers import assign, largest_company_domain, sequence, sites
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.facts.recipients.model import ListFile, RecipientFacts


def described(
    judged: JudgedList, files: Sequence[ListFile] | None = None, *, has_schedule: bool = False
) -> RecipientFacts:
    """Return what is known of a list that was judged; `files` are its files where the workspace does not hold the rows."""
    found, verdicts = judged.found, judged.verdicts
    shares, names = assign(found, asked=verdicts is not None)
    strangers = sites(found) if has_schedule else ()
    listed = tuple(found.list_files() if files is None else files)
    total = {
        kind: sum(file.counts[kind] for file in listed) for kind in Kind if all(kind in f.counts for f in listed)
    }
    return RecipientFacts(
        files=listed,
        rows=found.rows,
        valid=found.valid,
        invalid=sum(file.invalid for file in listed),
        unreadable=sum(file.unreadable for file in listed),
        missing=sum(file.missing for file in listed),
        duplicates=found.valid - found.unique,
        unique=found.unique,
        domains=found.domains,
        suppressed=total.get(Kind.SUPPRESSED),
        opted_out=total.get(Kind.OPTED_OUT),
        role=total.get(Kind.ROLE),
        disposable=total.get(Kind.DISPOSABLE),
        typo=total.get(Kind.TYPO),
        undeliverable_domain=total.get(Kind.UNDELIVERABLE),
        providers=shares,
        provider_names=(*names, *strangers),
        provider_sequence=sequence(found, (*names, *strangers)) if has_schedule else None,
        suppression_files=judged.stop,
        lookups=verdicts.lookups if verdicts else None,
        largest_company_domain=largest_company_domain(found),
        joins=joins(found, judged.fields),
        zones=zones_of(found, [one.zone for one in judged.fields])
        if any(one.by_zone for one in judged.fields)
        else (),
    )
