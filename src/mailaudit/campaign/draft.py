"""Write a first campaign file: commented, valid, and ready to be completed by hand."""

import json
from collections.abc import Iterator

from msgspec import Struct

from mailaudit.language.spoken import said

SCHEMA_FILE = "campaign.schema.json"


class Draft(Struct, frozen=True):
    """What is known of a campaign before it is written down; texts are as the campaign file spells them."""

    sender: str
    name: str
    recipients: str | None = None
    suppression: str | None = None
    platform: str | None = None
    ips: tuple[str, ...] = ()
    selectors: tuple[tuple[str, str], ...] = ()
    website: str | None = None
    software: str | None = None
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
            _beside("", "What mailaudit checks before you send. Every key: `mailaudit schema campaign`."),
            *(_beside("", remark) for remark in draft.remarks),
            "",
            f"name: {_scalar(draft.name)}",
            f"from: {_scalar(draft.sender)}",
            f"return_path: {_scalar(draft.return_path)}"
            if draft.return_path
            else _beside(
                "# return_path: bounces.acme.example    ", "MAIL FROM, when it is not the From address's domain"
            ),
            "",
            *_sending(draft),
            "",
            *_recipients(draft),
            "",
            *_schedule(draft),
            "",
            _beside("", "Mail that leaves from the same address or domain anyway counts in the same windows:"),
            "# other_mail:",
            '#   - {name: daily business mail, rate: 40/h, hours: "09:00-18:00", days: mon-fri}',
            "",
            f"message: {_scalar(draft.message)}"
            if draft.message
            else _beside("# message: message.eml                 ", "a test message as you received it"),
            "",
        )
    )


def lines_shown(
    *, return_path: str | None, ips: tuple[str, ...], software: str | None, selectors: tuple[tuple[str, str], ...]
) -> tuple[str, ...]:
    """Return the lines of a campaign file for what a sample shows, indented as they stand there."""
    known = {"ips": ips, "software": software, "dkim": selectors}
    lines = [line for name, value in known.items() if value for line in _key(name, value)]
    top = [f"return_path: {_scalar(return_path)}"] if return_path else []
    return (*top, *(["sending:", *lines] if lines else []))


def _sending(draft: Draft) -> Iterator[str]:
    known = {
        "platform": draft.platform,
        "ips": draft.ips,
        "software": draft.software,
        "website": draft.website,
        "dkim": draft.selectors,
    }
    yield "sending:" if any(known.values()) else "# sending:"
    for name, value in known.items():
        if value:
            yield from _key(name, value)
        elif name in _OPEN:
            yield _beside(*_OPEN[name])
            yield from [_SELECTOR] if name == "dkim" else []


_OPEN = {
    "platform": (
        "  # platform: brevo                  ",
        "the platform that sends, or none for your own server or mailbox",
    ),
    "ips": ("  # ips: [203.0.113.25]              ", "where the mail leaves from"),
    "dkim": ("  # dkim:                            ", "stands in the DKIM-Signature of a message: s= and d="),
}
_SELECTOR = "  #   - {selector: s1, domain: acme.example}"


def _beside(line: str, remark: str) -> str:
    """Return a line with a remark behind it, in the language that is spoken."""
    return f"{line}# {said(remark)}"


def _key(name: str, value: object) -> Iterator[str]:
    """Yield the lines of one key under `sending`: a word, addresses, or pairs of selector and domain."""
    if name == "dkim" and isinstance(value, tuple):
        yield "  dkim:"
        for selector, domain in value:
            yield f"    - {{selector: {_scalar(selector)}, domain: {_scalar(domain)}}}"
    elif isinstance(value, tuple):
        yield f"  {name}: [{', '.join(_scalar(one) for one in value)}]"
    else:
        yield f"  {name}: {_scalar(str(value))}"


def _recipients(draft: Draft) -> Iterator[str]:
    if draft.recipients is None:
        yield "# recipients:"
        yield "#   files: [recipients.csv]"
        yield _beside("#   suppression: [unsubscribed.csv]    ", "people who must not be mailed")
        return
    yield "recipients:"
    yield f"  files: [{_scalar(draft.recipients)}]"
    if draft.suppression:
        yield f"  suppression: [{_scalar(draft.suppression)}]"
    else:
        yield _beside("  # suppression: [unsubscribed.csv]  ", "people who must not be mailed")


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
