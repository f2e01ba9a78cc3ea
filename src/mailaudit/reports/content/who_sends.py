"""Who sends, and why we think so: out of the report's facts about the sender."""

from typing import Any

from msgspec import Struct

from mailaudit.language.spoken import Pasted, said, word
from mailaudit.reports.content.words import listed
from mailaudit.reports.document.types import Document

_RECORDS = {
    "spf": "SPF",
    "dkim": "DKIM key",
    "bounces": "bounce domain",
    "ns": "name servers",
    "mx": word("mailboxes"),
}
_KNOWN = {
    "unknown": "which nobody here knows",
    "service": "of which only the name is known here",
    "hoster": "which hosts servers and web sites",
    "isp": "which gives access to the internet",
    "gateway": "which filters or relays the mail of others",
}
_SURENESS = {"high": "sure", "medium": "likely", "low": "no more than a guess"}
_ONLY_SAID = "so you say; nothing shows it"


class Departure(Struct, frozen=True):
    """Where the campaign leaves from: one sentence, how sure that is, the observations and what would tell more.

    `services` are those that may send for the domain, and what shows each.
    """

    sentence: str
    sureness: str | None
    reasons: tuple[str, ...]
    trail: tuple[str, ...]
    missing: tuple[str, ...]
    services: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The sentence with how sure it is, as the language says both."""
        sentence = said(self.sentence)
        return Pasted(f"{sentence.removesuffix('.')} ({said(self.sureness)})." if self.sureness else sentence)


def departure(document: Document) -> Departure | None:
    """Return who sends; nothing for a report that does not tell."""
    sender: dict[str, Any] = dict(document.facts.sender)
    origin = sender.get("origin")
    if not isinstance(origin, dict):
        return None
    via = str(sender.get("sends_via"))
    clues = [clue for clue in _list(origin, "evidence") if isinstance(clue, dict)]
    is_known = via in {"platform", "own-server", "mailbox"}
    return Departure(
        sentence=_sentence(via, sender, origin, clues),
        sureness=_sureness(via, origin, clues) if is_known else None,
        reasons=tuple(str(reason) for reason in _list(sender, "sends_via_reasons")),
        trail=tuple(Pasted(f"{said(str(clue.get('seen')))} ({said(str(clue.get('name')))})") for clue in clues),
        missing=() if is_known else tuple(str(text) for text in _list(origin, "missing")),
        services=tuple(_service(one) for one in _list(sender, "services") if isinstance(one, dict)),
    )


def _sureness(via: str, origin: dict[str, Any], clues: list[dict[str, Any]]) -> str | None:
    kinds = {str(clue.get("kind")) for clue in clues if clue.get("points_to") == via}
    if kinds == {"said"}:
        return _ONLY_SAID
    if "said" in kinds and origin.get("confidence") == "low":  # and something else that points there
        return _SURENESS["medium"]
    return _SURENESS.get(str(origin.get("confidence")))


def _sentence(via: str, sender: dict[str, Any], origin: dict[str, Any], clues: list[dict[str, Any]]) -> str:
    name = next((str(clue.get("name")) for clue in clues if clue.get("points_to") == via), None)
    software = f", written by {origin['software']}" if origin.get("software") else ""
    if via == "platform":
        carried = f", carried by {origin['transport']}" if origin.get("transport") else ""
        platform = name if name and not carried else sender.get("platform")
        return f"The mail leaves through {platform or name or 'a platform'}{carried}{software}."
    if via == "own-server":
        return f"The mail leaves from a server of your own{software}."
    if via == "mailbox":
        return f"The mail leaves from a mailbox{f' at {name}' if name else ''}{software}."
    known = [str(one.get("ip")) for one in _list(origin, "addresses") if isinstance(one, dict)]
    return (
        f"Nothing tells who sends from {listed(known)}." if known else "Nothing tells where the mail leaves from."
    )


def _service(one: dict[str, Any]) -> str:
    records = [_RECORDS.get(str(record), str(record)) for record in _list(one, "shown_by")]
    what = " · sends this mail" if one.get("sends") else " · looks unused" if one.get("looks_unused") else ""
    known = _KNOWN.get(str(one.get("kind")))
    name = ", ".join(filter(None, (str(one.get("name")), known)))
    return f"{name} ({', '.join(records)}){what}"


def _list(of: dict[str, Any], key: str) -> list[Any]:
    value = of.get(key)
    return list(value) if isinstance(value, list | tuple) else []
