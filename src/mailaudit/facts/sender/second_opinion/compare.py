"""Has the same sender judged twice, and lays our facts and checkdmarc's judgement side by side."""

from collections.abc import Iterator

from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.observed import Observed
from mailaudit.facts.sender.dmarc.observe import DmarcFacts
from mailaudit.facts.sender.model import SenderFacts
from mailaudit.facts.sender.second_opinion.checkdmarc import Judged, ask_checkdmarc
from mailaudit.facts.sender.second_opinion.model import Point, SecondOpinion
from mailaudit.facts.sender.spf.lookup_tree import NodeState
from mailaudit.facts.sender.spf.lookups import MAX_LOOKUPS, MAX_VOID_LOOKUPS
from mailaudit.facts.sender.spf.model import SpfFacts

_USABLE, _REFUSED, _NONE = "can be used", "cannot be used", "there is none"
_EVALUATION = (
    "RFC 7208, section 4.6.4, counts the look-ups of one evaluation, which ends at the first term that matches: both numbers "
    "are the worst case, and a sender that an early term matches may pass all the same."
)
_VOID = (
    "RFC 7208, section 4.6.4, counts look-ups without an answer during one evaluation; a and mx ask for one IP version "
    "alone, that of the sending address."
)
_WALK = "RFC 9989, section 4.10, finds the record by the tree walk, RFC 7489 by the list of public suffixes."
_TESTING = "With t=y receivers apply the policy one step looser (RFC 9989, section 4.7)."


async def observe_second_opinion(sender: SenderFacts, dns: Resolver) -> SecondOpinion:
    """Return what checkdmarc says of the MAIL FROM domain's SPF and the From domain's DMARC, beside what we say.

    A part that one of both could not look up is unknown.
    """
    judged = await ask_checkdmarc(sender.mail_from_domain, sender.from_domain, dns)
    spf = sender.spf(sender.mail_from_domain)
    return SecondOpinion(
        judged.program,
        Observed.of(lambda: tuple(_spf_points(spf, judged))),
        Observed.of(lambda: tuple(_dmarc_points(sender.dmarc, judged))),
    )


def _spf_points(spf: SpfFacts, judged: Judged) -> Iterator[Point]:
    theirs, survey = judged.spf.get(), spf.survey
    survey.require_complete()
    lookups, void = survey.lookups, survey.void_lookups
    nodes = tuple(survey.walk())
    is_sound = all(node.state in _SOUND and not (node.record and node.record.errors) for node in nodes)
    exists = bool(spf.records)
    ours_usable = is_sound and exists and lookups <= MAX_LOOKUPS and void <= MAX_VOID_LOOKUPS
    yield Point(
        f"the SPF record of {spf.domain}",
        _usable(ours_usable, exists),
        _usable(bool(theirs["valid"]), exists),
        _EVALUATION if is_sound and exists else None,
    )
    if theirs.get("dns_lookups") is not None:
        yield Point(
            f"look-ups of the SPF record of {spf.domain}", str(lookups), str(theirs["dns_lookups"]), _EVALUATION
        )
    if theirs.get("void_dns_lookups") is not None:
        yield Point(
            f"void look-ups of the SPF record of {spf.domain}", str(void), str(theirs["void_dns_lookups"]), _VOID
        )


def _dmarc_points(dmarc: DmarcFacts, judged: Judged) -> Iterator[Point]:
    theirs, found = judged.dmarc.get(), dmarc.tree_walk.get()
    record = found.record
    usable = record is not None and dmarc.policy is not None
    exists = record is not None or theirs.get("record") is not None
    yield Point(
        f"the DMARC record for {dmarc.domain}", _usable(usable, exists), _usable(bool(theirs["valid"]), exists)
    )
    if not (usable and theirs["valid"]):
        return
    yield Point(
        f"the domain of the DMARC record for {dmarc.domain}",
        found.published_at or "",
        str(theirs["location"]),
        _WALK,
    )
    tag = "sp" if theirs["location"] != dmarc.domain else "p"
    ruling = _TESTING if record is not None and record.testing else None
    yield Point(
        f"the DMARC policy for {dmarc.domain}", str(dmarc.policy), str(theirs["tags"][tag]["value"]), ruling
    )


_SOUND = frozenset({NodeState.RECORD, NodeState.DEPENDS_ON_SENDER})


def _usable(is_usable: bool, exists: bool) -> str:  # noqa: FBT001 - two plain facts
    if not exists:
        return _NONE
    return _USABLE if is_usable else _REFUSED
