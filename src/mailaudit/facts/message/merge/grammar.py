"""What one merge tag says: a field with its fallback, or a part of a condition or a loop."""

import re
from functools import lru_cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

# Syntaxes whose programs compute: what they write is not known here.
COMPUTED = frozenset({"ampscript", "erb", "php", "freemarker"})
Kind = Literal["field", "if", "unless", "loop", "scope", "else", "end", "assign", "other"]

_PATH = r"[^\W\d][\w\-]*(?:\.[\w\-]+)*"
MARKS = "\"'\u201c\u201d\u2018\u2019"
_QUOTED = rf"[{MARKS}]([^{MARKS}]*)[{MARKS}]"
_FALLBACK = re.compile(
    rf"(?:\bdefault(?:_if_none)?|\bfallback|\bifempty|\bd)\s*[:=(]?\s*(?:\(\s*)?{_QUOTED}|\bor\s+{_QUOTED}|\?\?\s*{_QUOTED}|"
    rf"\belse\s+{_QUOTED}|^[\w.\-: ]+:\s*{_QUOTED}|\?\s*[\w.]*\s*:\s*{_QUOTED}|!{_QUOTED}",
    re.IGNORECASE,
)
_BARE_FALLBACK = re.compile(
    r"(?:,\s?fallback=|:default=|\|\s*default\s*:\s*|\|\s*fallback\s*=\s*)\s*([^\[\]{}|\"'\s][^\[\]{}|\"']*)",
    re.IGNORECASE,
)
_NO_FALLBACK = re.compile(r"(?:ucfirst|ucwords|upper|lower|part|info|escape|capitalize)\b|default\s*:\s*$")
_PREFIX = re.compile(
    r"^(?:(?:var|data|subtag|usertag|subscriber|recipient|contactfield|leadfield|ownerfield|member|contact_attribute|user)[:=]|"
    r"(?:contact|contacts|subscriber|subscribers|attribs|attributes|person|people|recipient|recipients|lead|user|customer|params|"
    r"profile|member|data|personalization|properties|fields|customfields|custom|merge|mergefields|object|vars)\.)",
    re.IGNORECASE,
)
_ENDS = frozenset("end endif endunless endfor endforeach endeach endrange endwith endsection".split())
_MODIFIERS = re.compile(r"^(?:title|upper|lower|html|url|html_url|default|phone|email)\s*:\s*", re.IGNORECASE)


class Piece(Struct, frozen=True):
    """What a tag says: the `names` of its field; `variable` is that of a loop, or is given the field's value (`assign`).

    `is_certain` is false where several words may as well call a function.
    """

    kind: Kind
    names: tuple[str, ...] = ()
    fallback: str | None = None
    variable: str | None = None
    is_certain: bool = True
    condition: str = ""


@lru_cache(maxsize=2048)
def piece_of(syntax: str, tag: str) -> Piece:
    """Return what a tag of some syntax says."""
    match syntax:
        case "braces":
            return _braces(tag.removesuffix("}}").lstrip("{").removesuffix("}" * ("${" not in tag)).strip("~- \t"))
        case "statement":
            return _statement(tag[2:-2].strip("-+ \t"))
        case "smarty" if not tag.startswith("{$"):
            return _statement(tag[1:-1].replace("$", "").replace("/", "end"))
        case "mailchimp":
            return _mailchimp(tag[2:-2].strip())
        case name if name in COMPUTED:
            named = re.fullmatch(rf"<%[=\-]?\s*@?({_PATH})\s*-?%>", tag)
            return Piece("field", (named[1],)) if named else Piece("other")
        case _:
            piece = _dollar(tag.lstrip("$!")[1:-1].strip()) if syntax == "dollar" else _plain(tag)
            # A short code looks like a field.
            return replace(piece, is_certain=False) if syntax == "snake-brackets" else piece


def bare(name: str) -> str:
    """Return the name of a field without the prefixes that programs put before it."""
    text = name.strip(" .$")
    while (shorter := _PREFIX.sub("", text)) != text and shorter:
        text = shorter
    return text.strip()


def _braces(inner: str) -> Piece:
    sign, rest = inner[:1], inner[1:].strip()
    words = inner.split()
    match sign:
        case "#":
            piece = _block(rest)
        case "^":
            piece = Piece("unless", condition=rest)
        case "/":
            piece = Piece("end")
        case "!" | ">" | "@":
            piece = Piece("other")
        case _ if words and words[0].lower() in {"if", "else", "end", "range", "with", "unless", "each"}:
            piece = _statement(inner)
        case _:
            piece = _field(inner.lstrip("&*:").strip())
    return piece


def _block(rest: str) -> Piece:
    word, _, condition = rest.partition(" ")
    match word.lower():
        case "if" | "ifeq" | "ifnotempty":
            return Piece("if", condition=condition)
        case "unless":
            return Piece("unless", condition=condition)
        case "each" | "foreach" | "list":
            return Piece("loop", variable="")
        case _:
            name = condition.strip() or word
            return Piece("scope", (name,), condition=name) if word.lower() != "else" else Piece("else")


def _statement(inner: str) -> Piece:
    word, _, rest = inner.strip().partition(" ")
    piece = Piece("other")
    match word.lower():
        case "if" | "with":
            piece = Piece("if", condition=rest)
        case "unless":
            piece = Piece("unless", condition=rest)
        case "else" | "elif" | "elsif" | "elseif":
            piece = Piece("else", condition=rest.removeprefix("if "))
        case "for" | "foreach" | "each" | "range" | "section":
            named = re.match(rf"(?:\$?({_PATH})(?:\s*,\s*{_PATH})?\s+in\b|.*\bas\s+\$?({_PATH}))", rest)
            piece = Piece("loop", variable=(named[1] or named[2]) if named else "")
        case "assign" | "set" | "capture":
            named = re.match(rf"({_PATH})\s*(?:=\s*(.*))?", rest, re.DOTALL)
            given = _field((named[2] or "").strip()) if named else piece
            piece = Piece("assign", given.names, given.fallback, named[1]) if named else piece
        case end if end in _ENDS:
            piece = Piece("end")
    return piece


def _mailchimp(inner: str) -> Piece:
    word, colon, rest = inner.partition(":")
    match word.upper():
        case "IF" | "INTERESTED" | "GROUP" | "GROUPS":
            piece = Piece("if", condition=rest)
        case "ELSEIF" | "ELSE":
            piece = Piece("else", condition=rest)
        case "IFNOT":
            piece = Piece("unless", condition=rest)
        case "END" | "ENDIF":
            piece = Piece("end")
        case _:
            modified = _MODIFIERS.match(inner)
            piece = Piece("field", (inner if colon and not modified else _MODIFIERS.sub("", inner),))
    return piece


def _field(text: str) -> Piece:
    fallback = _fallback(text)
    called = _call(text, fallback)
    if called:
        return called
    head = re.split(r"\||\bor\b|\bif\b|\?|:default=|:\s*[\"']", text, maxsplit=1)[0].strip()
    prefixed = re.fullmatch(rf"(?:var|data):({_PATH})(?::(.*))?", head, re.IGNORECASE)
    if prefixed:
        return Piece("field", (prefixed[1],), fallback or prefixed[2])
    if re.fullmatch(rf"\.?\$?\.?{_PATH}", head):
        return Piece("field", (head,), fallback)
    is_words = re.fullmatch(rf"{_PATH}(?: [^\W\d][\w\-]*){{1,3}}", head)
    return Piece("field", (head,), fallback, is_certain=False) if is_words else Piece("other")


def _call(text: str, fallback: str | None) -> Piece | None:
    """Read Braze's `${name}`, and the functions that take a field and what stands for it when it is empty."""
    braze = re.match(r"\$\{(.+?)\}", text)
    if braze:
        return Piece("field", (braze[1],), fallback)
    token = re.match(
        r"(?:personalization_token|insert|default|fallback|coalesce|or)\b[\s(]+[\"']?\.?([\w.\-]+)[\"']?",
        text,
        re.IGNORECASE,
    )
    if token is None:
        return None
    words = re.findall(_QUOTED, text[token.end() :])
    return Piece("field", (token[1],), words[-1].removeprefix("default=") or None if words else fallback)


def _plain(tag: str) -> Piece:
    """Read a tag of marks around a name: `%NAME%`, `[[name]]`, `{contactfield=name|fallback}`, `[name,fallback=x]`."""
    inner = tag.strip("{}[]<>%#@$~«»_*|! ")
    fallback = _fallback(inner)
    head = re.split(r",\s?fallback=|\||\bOR\b|:default=", inner, maxsplit=1)[0].strip()
    if fallback is None and "|" in inner:
        words = inner.split("|", 1)[1].strip()
        fallback = None if not words or _NO_FALLBACK.match(words) else words
    prefixed = re.fullmatch(r"(?:var|data):([\w.\-]+)(?::(.*))?", head)
    if prefixed:
        return Piece("field", (prefixed[1],), fallback or (prefixed[2] or "").strip("\"'") or None)
    return Piece("field", (head,), fallback)


def _dollar(inner: str) -> Piece:
    """Read FreeMarker's `${name!"fallback"}` and `${(name)!fallback}`, and Velocity's `${name}`."""
    head, mark, fallback = inner.partition("!")
    return Piece(
        "field", (re.sub(r"[()]|\?\w+", "", head).strip(),), fallback.strip("()\"' ") or None if mark else None
    )


def _fallback(inner: str) -> str | None:
    found = _FALLBACK.search(inner)
    if found:
        return next((text for text in found.groups() if text is not None), "").strip() or None
    plain = _BARE_FALLBACK.search(inner)
    return plain[1].strip() or None if plain else None
