"""The message offers no one-click unsubscribe.

## Why it matters
Gmail and Yahoo ask every bulk sender for it, and Orange and others follow: two header fields with which the mailbox shows
an "Unsubscribe" button that works in one click. Without it people press "Spam" instead, and each of these clicks counts
against your domain.

## How to fix
Let the sending platform add both fields (all serious ones can), or add them yourself: an HTTPS address that unsubscribes on
POST without asking anything, and the fixed second field. Both must be covered by the DKIM signature.

## References
- [RFC 8058, section 3.1](https://www.rfc-editor.org/rfc/rfc8058#section-3.1)
- [RFC 2369, section 3.2](https://www.rfc-editor.org/rfc/rfc2369#section-3.2)
- [Gmail: Email sender guidelines](https://support.google.com/a/answer/81126)
- [Gmail: questions about the guidelines](https://support.google.com/a/answer/14229414): marketing and subscribed mail
"""

import re

from mailaudit.checks.message._hosts import is_test_host
from mailaudit.checks.message._links import own_organizations
from mailaudit.checks.message._message import as_sent, enclosed, field_shown, place_of, words_of_the_way_out
from mailaudit.checks.rule import Evidence, Facts, Owner, Problem, Problems, Severity, check
from mailaudit.facts.message.html.page import host_of, web_address
from mailaudit.facts.message.model import HeaderField

_STEPS = (
    "Turn on list-unsubscribe (one-click) in the sending platform or program.",
    (
        "Or add both fields: List-Unsubscribe: <https://your-site/unsubscribe/TOKEN> and "
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click."
    ),
    "Make that address unsubscribe on POST, at once, without a login, a cookie or a redirect.",
    "Have both fields signed by DKIM, then send yourself a test message.",
)


# Gmail and Yahoo: 5,000 a day (support.google.com/a/answer/81126; senders.yahooinc.com/best-practices).
_BULK = 5_000
_ASKING = frozenset({"gmail", "google-workspace", "yahoo"})
_TO_BULK = "Gmail, Yahoo and others ask it of senders of your volume, and refuse or junk what lacks it."
_TO_OTHERS = "Gmail and others ask it of bulk senders only, but without it more people press Spam instead."


@check(Severity.ERROR, passed="The message carries one-click unsubscribe.")
def one_click_unsubscribe_missing(facts: Facts) -> Problems:
    """Yield a problem when the two fields of RFC 8058 are missing or do not fit.

    It is an error where the projection, or the campaign's history, says that a provider's rules for bulk senders apply,
    else a warning.
    """
    words_of_the_way_out(facts)
    message = as_sent(facts)
    fields = (*message.header("List-Unsubscribe"), *message.header("List-Unsubscribe-Post"))
    fault = _fault(facts, message.header("List-Unsubscribe"), message.header("List-Unsubscribe-Post"))
    if fault is not None:
        is_bulk = _is_bulk(facts)
        yield Problem.about(
            "List-Unsubscribe" if not message.header("List-Unsubscribe") else "List-Unsubscribe-Post",
            f"{fault} " + (_TO_BULK if is_bulk else _TO_OTHERS),
            *_STEPS,
            owner=Owner.PLATFORM,
            severity=None if is_bulk else Severity.WARNING,
            location=place_of(facts, fields[0] if fields else None),
            evidence=tuple(Evidence(item.name, field_shown(item)) for item in fields[:4]),
        )


def _fault(facts: Facts, unsubscribe: tuple[HeaderField, ...], post: tuple[HeaderField, ...]) -> str | None:
    if not unsubscribe:
        return "The message has no List-Unsubscribe field."
    fault = _address_fault(facts, unsubscribe[0].raw)
    if fault is None and not post:
        fault = "The List-Unsubscribe-Post field is missing, so the unsubscribe address is not one-click."
    elif fault is None and b"".join(post[0].raw.split()).lower() != b"list-unsubscribe=one-click":
        fault = "The List-Unsubscribe-Post field does not say List-Unsubscribe=One-Click."
    return fault


def _address_fault(facts: Facts, raw: bytes) -> str | None:
    """Judge the field as receivers read it, undecoded (RFC 8058, section 3.1: one HTTPS address)."""
    found = enclosed(raw)
    https = [address for address in found if address.lower().startswith("https:")]
    url = web_address(https[0]) if https else None
    if b"=?" in raw:
        fault = "The List-Unsubscribe field is encoded, so receivers find no address in it."
    elif any("\n" in address for address in found):
        fault = "The address in List-Unsubscribe is broken over two lines."
    elif not https:
        fault = (
            "Receivers do not read the HTTPS address in List-Unsubscribe: only commas may part it from others."
            if re.search(rb"<\s*https:", raw, re.IGNORECASE)
            else "The List-Unsubscribe field holds no HTTPS address."
        )
    elif "&amp;" in https[0]:
        fault = "The address in List-Unsubscribe holds &amp; where & is meant, so receivers ask another one."
    elif len(https) > 1:
        fault = f"The List-Unsubscribe field holds {len(https)} HTTPS addresses; one-click takes exactly one."
    elif url is None or is_test_host(host_of(url), own_organizations(facts), facts.campaign.from_domain):
        fault = "The HTTPS address in List-Unsubscribe leads nowhere that receivers reach."
    else:
        return None
    return fault


def _is_bulk(facts: Facts) -> bool:
    if facts.campaign.history.bulk:
        return True
    volume = facts.volume_or_none
    projection = volume.projection_or_none if volume else None
    if projection is None:
        # Without a pace the campaign may leave within a day.
        people = facts.recipients_or_none
        return (
            any(share.provider in _ASKING and share.recipients > _BULK for share in people.providers)
            if people
            else False
        )
    duties = projection.duties
    return any(duty.peak.breached and "one-click" in duty.obligation.duties for duty in duties)
