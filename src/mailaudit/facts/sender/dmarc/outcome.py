"""Whether the mail of this campaign would pass DMARC, computed as receivers do from what is published.

Sources: RFC 9989, section 5.3.5, and RFC 7489 for receivers on the public suffix list.
"""

from collections.abc import Callable

from msgspec import Struct

from mailaudit.facts.observed import Unavailable, those
from mailaudit.facts.sender.dkim.observe import DkimFacts
from mailaudit.facts.sender.dmarc.alignment import Aligned, Mechanism
from mailaudit.facts.sender.dmarc.observe import DmarcFacts
from mailaudit.facts.sender.model import SenderFacts
from mailaudit.facts.sender.spf.model import SpfFacts, SpfResult

Reading = Callable[[Aligned], bool]


class DmarcOutcome(Struct, frozen=True):
    """Whether each mechanism gives an aligned pass; missing when the campaign does not say enough.

    `passes` is missing when nothing passes but something is not known.
    """

    spf: bool | None
    dkim: bool | None

    @property
    def passes(self) -> bool | None:
        """One aligned pass is enough."""
        if self.spf or self.dkim:
            return True
        return None if self.spf is None or self.dkim is None else False


def by_tree_walk(aligned: Aligned) -> bool:
    """Read alignment as receivers on RFC 9989 compute it; raises `Unavailable`."""
    return aligned.tree_walk.get()


def by_suffix_list(aligned: Aligned) -> bool:
    """Read alignment as receivers on RFC 7489 compute it."""
    return aligned.suffix_list


def expected_outcome(sender: SenderFacts, reading: Reading) -> DmarcOutcome:
    """Return what receivers will find; raises `Unavailable` when a look-up that decides it failed."""
    spf = sender.spf(sender.mail_from_domain)
    return DmarcOutcome(_spf_passes(spf, sender.dmarc, reading), _dkim_passes(sender.dkim, sender.dmarc, reading))


def _spf_passes(spf: SpfFacts, dmarc: DmarcFacts, reading: Reading) -> bool | None:
    aligned = [one for one in dmarc.aligned if one.identifier.mechanism is Mechanism.SPF]
    if not any(reading(one) for one in aligned):
        return False
    for verdict in spf.judged:
        if verdict.result is SpfResult.TEMPERROR or (verdict.doubt and verdict.result is not SpfResult.PASS):
            raise Unavailable(verdict.doubt or verdict.reason)
    if spf.result is SpfResult.TEMPERROR:
        raise Unavailable(spf.txt.failure)
    return None if spf.result is None else spf.result is SpfResult.PASS


def _dkim_passes(keys: tuple[DkimFacts, ...], dmarc: DmarcFacts, reading: Reading) -> bool | None:
    if not keys:
        return None
    aligned = {one.identifier.domain: one for one in dmarc.aligned if one.identifier.mechanism is Mechanism.DKIM}
    return bool(those(keys, lambda key: reading(aligned[key.selector.domain]) and key.is_usable))
