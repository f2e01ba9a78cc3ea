"""Which texts of the source people read: not the queries, patterns, records and names among them."""

import re

_SQL = re.compile(
    r"\b(SELECT|CREATE|INSERT|UPDATE|DELETE|(?<!MAIL )FROM|WHERE|JOIN|GROUP BY|ORDER BY|CASE|ATTACH|SET|ALTER|COPY)\b"
    r"|\b(AND|NULL|BETWEEN|THEN)\b|\|\||::[A-Z]|\b(coalesce|nullif|trim|lower|max|left)\(|day <"
)
_CODE = re.compile(
    r"^\d{3} (\d\.\d\.\d|localhost) |^\w+\([^ ]*\W.*\);?$|^\{\{ ?\"?\w+\"?:|\w (string|INTEGER|TEXT)(,|$)|\w\{\}, \w+\{\}|"
    r"\w\[\w|\\|\(\?|\w\|\w|^\W*(v=\w|https?://|include:)|^[\w.:/-]+$|^#|^file://|</?\w+[ >]|^[%{}\W]*$|;\s*(p|sp|rua)="
    r"|^[\w.]+: ?(\[|\{\{)|^[a-z_]+: \"?\{\}\"?$"
    r"|^'\w+', |^[a-z]+_[a-z]+$|^(not )?bold |Callable|<\?xml|^mailaudit [a-z]+( --?[a-z-]+.*)?$"
)
_WORD = re.compile(r"(?<![\w.@/:-])[A-Za-z][a-z'’]+(?![\w@/=]|[.:-]\w)")
# A word between values, as in “{n} more” or “until {day}”.
_BESIDE = re.compile(r"(^|[\s(“])[A-Za-z'’][a-z'’]+[ ,.:)]|[ ,(][a-z'’]{2,}[.,:)]?$")
# A list of words for a program: no word in it that holds a sentence together.
_LIST = re.compile(r"[\w@-]+( [\w@-]+){2,}")
_HOLDING = re.compile(
    r"\b(the|an?|of|to|in|is|are|for|and|not|no|with|by|as|or|that|this|it|on|was|has|at|be|than|into|but|who|what)\b"
)
# Names in a row, as of programs.
_NAMES = re.compile(
    r"(?:[A-Z][\w-]*|php\w+|iContact|listmonk)(?:,? \(?(?:[A-Z][\w-]*|php\w+|iContact|listmonk)\)?)+"
)
# What says nothing by itself.
_PHRASE = 5
_EMPTY = set("is are and or the it as has have".split())


def is_prose(message: str, *, told: bool) -> bool:
    """Say whether people read a text; a single word counts only where it is `told`, for it may be a name."""
    bare = re.sub(r"\{\w+\}", "{}", message)
    words = _WORD.findall(re.sub(r"`[^`]*`", " ", bare))
    if " " not in message and "{" in message:
        return False  # a name, an address or a key, put together
    if not words or _SQL.search(bare) or "\n    " in bare:
        return False
    if told:
        return True
    if _LIST.fullmatch(message) and not _HOLDING.search(message.lower()) and message.count(" ") >= _PHRASE:
        return False
    if (
        _CODE.search(re.sub(r"`[^`]*`", "``", bare))
        or _NAMES.fullmatch(message)
        or (len(words) == 1 and words[0].lower() in _EMPTY)
    ):
        return False
    return len(words) > 1 or ("{}" in bare and _BESIDE.search(bare) is not None)
