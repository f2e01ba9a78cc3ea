"""What became of each ignore entry in this audit."""

from msgspec import Struct

from mailaudit.campaign.model import Ignore


class AppliedIgnore(Struct, frozen=True):
    """An ignore entry and its fate.

    `key` is its key path in the campaign file. `judged` is false when no check that it names reached a judgement in
    this audit, so that nothing can be said about the entry's use; `is_open` tells that one could not be verified.
    """

    key: str
    entry: Ignore
    expired: bool
    used: bool
    judged: bool
    is_open: bool = False
