"""The files that a command reads: none may be written over, and a report tells the digest of each."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from mailaudit.campaign.model import Campaign
from mailaudit.campaign.yaml.source import Source
from mailaudit.options import DnsOptions
from mailaudit.policy import InputFile


def campaign_files(campaign: Campaign, source: Source) -> Iterator[Path]:
    """Yield the campaign file and every file that it names, but for databases and standard input."""
    yield source.path
    yield from (source.shared.path,) if source.shared else ()
    yield from campaign.files


def dns_files(dns: DnsOptions) -> Iterator[Path]:
    """Yield the files from which DNS is answered."""
    yield from (dns.replay,) if dns.replay else dns.zones
    yield from dns.drafts


def digests(campaign: Campaign, source: Source, dns: DnsOptions) -> tuple[InputFile, ...]:
    """Return every input as the campaign file names it, so that a report does not depend on where it was made."""
    folder = source.path.parent
    hashed = [InputFile(source.display, source.sha256)]
    _, *files = campaign_files(campaign, source)
    for path in dict.fromkeys((*files, *dns_files(dns))):
        if path.is_file():
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            shown = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
            hashed.append(InputFile(shown, digest))
    return tuple(hashed)
