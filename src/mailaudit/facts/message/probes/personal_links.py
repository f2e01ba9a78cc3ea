"""Which links must not be opened by a program: those that unsubscribe, count a click or belong to one person."""

import re
from urllib.parse import parse_qsl, urlsplit

from mailaudit.facts.message.html.targets import Target
from mailaudit.facts.message.model import MessageFacts
from mailaudit.facts.message.unsubscribe import says_the_way_out
from mailaudit.knowledge.lookup import platform_by_link

_ADDRESS = re.compile(r"<\s*(https?://[^<>\s]{1,2000})", re.IGNORECASE)
_ACTS = re.compile(
    r"confirm|activate|verify|opt-?in|subscri|optout|preferenc|vote|poll|survey|rsvp|accept|decline|delete|remove|cancel|approve|"
    r"login|logout|reset|password|magic|track|click|redirect|/(?:c|l|r|t|e|o|ls|wf|cl|ct|lt|tr|trk|go|out|open|pixel)/",
    re.IGNORECASE,
)
_OF_A_PERSON = re.compile(
    r"(?:e?mail|token|key|hash|sig(?:nature)?|auth|code|user|usr|uid|sid|rid|mid|cid|eid|lid|id|u|e|s|c|h|k|t|subscriber|contact|member|"
    r"recipient|customer|mc_eid|mc_cid|ct|_hs\w*|hs\w*|vero_\w+|ck_subscriber_id|__s|wickedid|dm_i|elq\w*|mkt_tok)",
    re.IGNORECASE,
)
# A long run of letters and digits mixed, or of digits, is no word of an address.
_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{14,}|\d{9,}|[A-Za-z0-9]{25,}|[0-9a-f]{8}-[0-9a-f]{4}-",
    re.IGNORECASE,
)


def unsubscribe_addresses(message: MessageFacts) -> frozenset[str]:
    """Return the hosts that List-Unsubscribe names: their programs act on what is asked of them."""
    values = (field.value[:8000] for field in message.header("List-Unsubscribe")[:5])
    found = (urlsplit(url).hostname for value in values for url in _ADDRESS.findall(value))
    return frozenset(host.lower() for host in found if host)


def is_personal(one: Target, leaving: frozenset[str]) -> bool:
    """Say whether opening a link could do something, or tell that somebody opened it; in doubt it could."""
    url = one.url
    if url is None or url.username is not None or says_the_way_out(one.text) or says_the_way_out(one.address):
        return True
    rest = f"{url.path}?{url.query}"
    if _ACTS.search(one.address[:2000]) or _CODE.search(rest[:2000]) or "@" in rest or "%40" in rest:
        return True
    if any(_OF_A_PERSON.fullmatch(name) for name, _ in parse_qsl(url.query[:2000], keep_blank_values=True)):
        return True
    return bool(one.host in leaving and url.query) or platform_by_link(one.address) != ()
