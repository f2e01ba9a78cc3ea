"""Write a first campaign file: commented, valid, and ready to be completed by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

SCHEMA_FILE = "campaign.schema.json"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a campaign before it is written down; texts are as the campaign file spells them."""

    sender: str
    name: str
    recipients: str | None = None
    suppression: str | None = None
    platform: str | None = None
    ips: tuple[str, ...] = ()
    selectors: tuple[tuple[str, str], ...] = ()
    website: str | None = None
    start: str | None = None
    timezone: str | None = None
    rate: str | None = None
    return_path: str | None = None
    message: str | None = None
    remarks: tuple[str, ...] = ()


def campaign_text(draft: Draft) -> str:
    """Return the YAML of a campaign file; what is not known stands there as a comment that shows the way."""
    return "\n".join(
        (
            f"# yaml-language-server: $schema={SCHEMA_FILE}",
            "# What mailaudit checks before you send. Every key: `mailaudit schema campaign`.",
            *(f"# {remark}" for remark in draft.remarks),
            "",
            f"name: {_scalar(draft.name)}",
            f"from: {_scalar(draft.sender)}",
            f"return_path: {_scalar(draft.return_path)}"
            if draft.return_path
            else "# return_path: bounces.acme.example    # MAIL FROM, when it is not the From address's domain",
            "",
            *_sending(draft),
            "",
            *_recipients(draft),
            "",
            *_schedule(draft),
            "",
            "# Mail that leaves from the same address or domain anyway counts in the same windows:",
            "# other_mail:",
            '#   - {name: daily business mail, rate: 40/h, hours: "09:00-18:00", days: mon-fri}',
            "",
            f"message: {_scalar(draft.message)}"
            if draft.message
            else "# message: message.eml                 # a test message as you received it",
            "",
        )
    )


def _sending(draft: Draft) -> Iterator[str]:
    is_known = draft.platform or draft.ips or draft.website or draft.selectors
    yield "sending:" if is_known else "# sending:"
    if draft.platform:
        yield f"  platform: {_scalar(draft.platform)}"
    else:
        yield "  # platform: brevo                  # the platform that sends, or none for your own server or mailbox"
    if draft.ips:
        yield f"  ips: [{', '.join(_scalar(ip) for ip in draft.ips)}]"
    else:
        yield "  # ips: [203.0.113.25]              # where the mail leaves from"
    if draft.website:
        yield f"  website: {_scalar(draft.website)}"
    if draft.selectors:
        yield "  dkim:"
        for selector, domain in draft.selectors:
            yield f"    - {{selector: {_scalar(selector)}, domain: {_scalar(domain)}}}"
    else:
        yield "  # dkim:                            # stands in the DKIM-Signature of a message: s= and d="
        yield "  #   - {selector: s1, domain: acme.example}"


def _recipients(draft: Draft) -> Iterator[str]:
    if draft.recipients is None:
        yield "# recipients:"
        yield "#   files: [recipients.csv]"
        yield "#   suppression: [unsubscribed.csv]    # people who must not be mailed"
        return
    yield "recipients:"
    yield f"  files: [{_scalar(draft.recipients)}]"
    if draft.suppression:
        yield f"  suppression: [{_scalar(draft.suppression)}]"
    else:
        yield "  # suppression: [unsubscribed.csv]  # people who must not be mailed"


def _schedule(draft: Draft) -> Iterator[str]:
    if draft.rate is None and draft.start is None:
        yield "# schedule:"
        yield "#   start: 2026-12-01T09:00"
        yield f"#   timezone: {draft.timezone or 'Europe/Paris'}"
        yield "#   rate: 600/10min"
        return
    yield "schedule:"
    for key, value in (("start", draft.start), ("timezone", draft.timezone), ("rate", draft.rate)):
        if value:
            yield f"  {key}: {_scalar(value)}"


def _scalar(text: str) -> str:
    """Quote whatever YAML could take for something else; JSON strings are YAML strings."""
    plain = text and all(c.isalnum() or c in "._/-" for c in text) and text[0].isalnum()
    word = plain and text.lower() not in {"null", "true", "false", "yes", "no", "on", "off", "none"}
    return text if word or (plain and text == "none") else json.dumps(text, ensure_ascii=False)
