"""What the checks of the message have in common: the part that they judge, and what may be shown of it."""

import re
from collections.abc import Iterator

from mailaudit.checks.rule import Facts, Location, NotApplicable, NotGiven
from mailaudit.facts.message.model import CODE, Content, HeaderField, MessageFacts

_MOST_SHOWN = 100
_OF_THE_SENDER = frozenset({"from", "sender", "reply-to"})
# What everybody gets alike; any other field may hold who gets this one, however it is called.
_OF_THE_MESSAGE = frozenset(
    "subject date mime-version content-type content-transfer-encoding content-id content-description content-disposition"
    " message-id list-id list-help list-subscribe list-unsubscribe-post list-post list-owner list-archive feedback-id"
    " organization x-mailer comments keywords".split()
)
# Comments may stand around an address in brackets (RFC 5322, section 3.2.2).
_BETWEEN = rb"(?:\s|\([^()]{0,200}\))*"
_ENCLOSED = re.compile(_BETWEEN + rb"<\s*([^<>]*?)\s*>" + _BETWEEN + rb"(,?)")
_ADDRESS = re.compile(r"[^\s<>@,;:\"]+@[^\s<>@,;\"]+")
_PLACES = {
    "subject": "in the subject",
    "html": "in the HTML",
    "text": "in the text",
    "link": "in a link",
    CODE: "in the code of the HTML",
}


def with_header(facts: Facts) -> MessageFacts:
    """Return the message when its header is known; raises `NotGiven` for bodies alone, `Unavailable` when unread."""
    message = facts.message
    if message.headers is None:
        message.content.get()
        raise NotGiven("the campaign gives the message's bodies but not its header fields (message: message.eml)")
    return message


def content_of(facts: Facts) -> Content:
    """Return what people read; raises `Unavailable` when it could not be read."""
    return facts.message.content.get()


def compiled(facts: Facts) -> Content:
    """Return what people read when its HTML is that which is sent; raises `NotGiven` for a source still to be compiled."""
    content = content_of(facts)
    if content.uncompiled:
        raise NotGiven(f"the size of the HTML is not known: {content.uncompiled}")
    return content


def place_of(facts: Facts, item: HeaderField | None = None) -> Location:
    """Return the place in the message file: the line of a header field, or the file."""
    return facts.message.where(item.line if item else None)


def shown(text: str) -> str:
    """Return a text for evidence: short, and no mailbox with its local part."""
    plain = _ADDRESS.sub(lambda found: f"…@{found[0].rpartition('@')[2]}", text[:2000])
    return plain if len(plain) <= _MOST_SHOWN else f"{plain[:_MOST_SHOWN]}…"


def target_shown(target: str) -> str:
    """Return where an address leads, without the path and the token of one recipient that it may hold."""
    text = target[:2000]
    mail = re.match(r"(?i)(mailto:)[^?@]*(@[^?]*)?", text)
    if mail:
        return f"{mail[1]}…{mail[2] or ''}"
    web = re.match(r"(?i)((?:[a-z][a-z0-9+.\-]*:)?(?://|\\\\)(?:[^/?#\\]*@)?)([^/?#\\]*)(.*)", text, re.DOTALL)
    if web:
        scheme = re.sub(r"//.*@$", "//…@", web[1])
        return shown(f"{scheme}{web[2]}{'/…' if len(web[3]) > 1 else web[3]}")
    return shown(re.sub(r"[?#].+", "…", text))


def field_shown(item: HeaderField) -> str:
    """Return the value of a header field for evidence, without what it may hold of one recipient."""
    name = item.name.lower()
    if name in _OF_THE_SENDER:
        return item.value if len(item.value) <= _MOST_SHOWN else f"{item.value[:_MOST_SHOWN]}…"
    if name != "list-unsubscribe":
        return shown(item.value) if name in _OF_THE_MESSAGE else "(not shown: it may hold a recipient)"
    found = [f"<{target_shown(address)}>" for address in enclosed(item.raw[:4000])[:4]]
    return ", ".join(found) or "no address between < and >"


def enclosed(raw: bytes) -> list[str]:
    """Return the addresses between < and > that receivers read, up to one that no comma follows (RFC 2369, section 2)."""
    found: list[str] = []
    at = 0
    while one := _ENCLOSED.match(raw, at):
        found.append(one[1].decode("utf-8", "replace"))
        if not one[2]:
            break
        at = one.end()
    return found


def as_sent(facts: Facts) -> MessageFacts:
    """Return the message when its header is known as sent; raises `NotGiven` for templates as well."""
    message = with_header(facts)
    if message.kind == "template":
        raise NotGiven(
            "the header fields as sent are not known (give a delivered message as message: message.eml)"
        )
    return message


def is_delivered(message: MessageFacts) -> bool:
    """Say whether a receiving server has handled the message: what is missing was then missing on the way."""
    return bool(message.header("Received"))


def where(place: str) -> str:
    """Return a place of a message in words: `in the subject`; a header field by its name."""
    return _PLACES.get(place, place)


def said(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield each text that people read, with its place: the subject, the lines of the HTML, the plain text."""
    content = content_of(facts)
    if facts.message.subject:
        yield "subject", facts.message.subject
    yield from (("html", line) for page in content.pages for line in page.lines if line)
    yield from (("text", line) for line in (content.text or "").splitlines() if line.strip())


def words_of_the_way_out(facts: Facts) -> str | None:
    """Return the words by which people leave, if the campaign names them; raises `NotApplicable` for transactional mail."""
    plan = facts.campaign.message
    if plan is not None and plan.transactional:
        raise NotApplicable("the campaign says that the message is transactional (message.transactional)")
    return plan.unsubscribe if plan else None
