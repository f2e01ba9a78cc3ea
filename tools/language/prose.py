"""Which texts of the source people read: not the queries, patterns, records and names among them."""

import re

_SQL = re.compile(
    r"\b(SELECT|CREATE|INSERT|UPDATE|DELETE|(?<!MAIL )FROM|WHERE|JOIN|GROUP BY|ORDER BY|CASE|ATTACH|SET|ALTER|COPY)\b"
)
_CODE = re.compile(
    r"\w\[\w|\\|\(\?|\w\|\w|^\W*(v=|https?://|include:)|^[\w.:/-]+$|^#|</?\w+[ >]|^[%{}\W]*$|;\s*(p|sp|rua)="
    r"|^mailaudit [a-z]+( --?[a-z-]+.*)?$"
)
_WORD = re.compile(r"(?<![\w.@/:-])[A-Za-z][a-z'’]+(?![\w@/=]|[.:-]\w)")
# A word between values, as in “{n} more” or “until {day}”.
_BESIDE = re.compile(r"(^|[\s(“])[A-Za-z'’][a-z'’]+[ ,.:)]|[ ,(][a-z'’]{2,}[.,:)]?$")
# What says nothing by itself.
_EMPTY = set("is are and or the it as has have".split())


def is_prose(message: str, *, told: bool) -> bool:
    """Say whether people read a text; a single word counts only where it is `told`, for it may be a name."""
    bare = re.sub(r"\{\w+\}", "{}", message)
    words = _WORD.findall(re.sub(r"`[^`]*`", " ", bare))
    if not words or _SQL.search(bare) or "\n    " in bare:
        return False
    if told:
        return True
    if _CODE.search(bare) or (len(words) == 1 and words[0].lower() in _EMPTY):
        return False
    return len(words) > 1 or ("{}" in bare and _BESIDE.search(bare) is not None)
