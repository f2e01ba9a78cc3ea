"""What a campaign file must not reach for: that of a stranger beyond its folder, and offline any the network."""

from collections.abc import Collection, Iterator
from pathlib import Path

from mailaudit.campaign.model import Campaign
from mailaudit.campaign.values.types import STDIN, DatabaseUrl
from mailaudit.campaign.yaml.source import Source
from mailaudit.errors import Complaint, InputError, refused
from mailaudit.location import Location


def refuse_reach(campaign: Campaign, source: Source, allowed: Collection[str], given: Collection[Path]) -> None:
    """Raise `InputError` with each key that reaches beyond the campaign's folder, but for what is `allowed`.

    `given` are files that the command line names.
    """
    complaints = [
        Complaint(f"{key.replace('.0', '')}: {what} of an untrusted campaign file", source.where(key), todo)
        for key, what, todo in _reaches(campaign, source, allowed, given)
    ]
    if complaints:
        raise InputError(*complaints)


def refuse_link(file: Path) -> None:
    """Raise `InputError` for a campaign file that is a link to somewhere else: complaints would tell what stands there."""
    if not _is_below(file, file.parent.resolve()):
        what = "this is a link that leads out of its folder, and is not followed in an untrusted campaign"
        raise refused(what, Location(str(file)), "put the file itself there")


def refuse_network(campaign: Campaign, source: Source) -> None:
    """Raise `InputError` for a list that only the network holds; nothing is connected, and no password sent."""
    people = campaign.recipients
    for key in ("files", "suppression", "verification") if people else ():
        for place, file in enumerate(getattr(people, key)):
            if isinstance(file, DatabaseUrl) and file.lower().startswith("postgres"):
                what = f"recipients.{key}: {file.masked} needs the network, which --offline forbids"
                where = source.where(f"recipients.{key}.{place}")
                raise refused(what, where, "leave out --offline, or give --recipients FILE")


def _reaches(
    campaign: Campaign, source: Source, allowed: Collection[str], given: Collection[Path]
) -> Iterator[tuple[str, str, str]]:
    people, message = campaign.recipients, campaign.message
    folder = source.path.parent.resolve()
    named: dict[str, object] = {}
    if people is not None:
        for key in ("files", "suppression", "verification"):
            named |= {f"recipients.{key}.{place}": file for place, file in enumerate(getattr(people, key))}
        if people.query is not None and "query" not in allowed:
            yield "recipients.query", "no query is run", "let the policy allow [query], or give --recipients FILE"
        if people.engine is not None and "database" not in allowed:
            yield "recipients.engine", "no engine is started", "let the policy allow [database]"
    if message is not None:
        named |= {f"message.{key}": getattr(message, key) for key in ("eml", "html", "text")}
    named["sending.settings"] = campaign.sending.settings
    for key, file in named.items():
        if isinstance(file, DatabaseUrl):
            if "database" not in allowed:
                yield key, "no database is asked", "let the policy allow [database], or give --recipients FILE"
        elif isinstance(file, Path) and file != STDIN and file not in given and not _is_below(file, folder):
            yield key, f"{file.name} lies outside its folder and is not read:", "put the file beside the campaign"


def _is_below(file: Path, folder: Path) -> bool:
    """Say whether a file lies in a folder wherever links lead; a device or a pipe lies nowhere."""
    return file.resolve().is_relative_to(folder)
