"""What is to be audited: campaign files, folders of them, bare domains, or the campaign on standard input."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.errors import refused

if TYPE_CHECKING:
    from mailaudit.campaign.of_domain import Domain

FILE_NAME = "campaign.yml"
CAMPAIGNS_AT_MOST = 1_000
FOLDERS_AT_MOST = 100_000


def targets(given: Iterable[str]) -> list[Path | Domain]:
    """Return what the arguments name, each once; raises `InputError` for a folder without a campaign.

    A folder stands for every campaign.yml below it, hidden folders and links aside. What is no file and looks like a
    domain is one.
    """
    from mailaudit.campaign.of_domain import as_domain  # noqa: PLC0415 - keeps --help light

    found: dict[str, Path | Domain] = {}
    for text in given or (FILE_NAME,):
        path = Path(text)
        if path.is_dir():
            below = list(_below(path))
            if not below:
                what = f"{text}: no {FILE_NAME} lies in this folder or below it"
                raise refused(what, todo="name a campaign file, or write one with: mailaudit init")
            found |= {str(file): file for file in below}
        else:
            domain = None if path.exists() else as_domain(text)
            found[text] = domain or path
        if len(found) > CAMPAIGNS_AT_MOST:
            raise refused(f"{text}: more than {CAMPAIGNS_AT_MOST:,} campaigns", todo="name fewer at a time")
    return list(found.values())


def _below(folder: Path) -> Iterator[Path]:
    for count, (here, folders, files) in enumerate(os.walk(folder)):
        if count >= FOLDERS_AT_MOST:
            raise refused(f"{folder}: too many folders", todo="name one nearer to the campaigns")
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if FILE_NAME in files:
            yield Path(here, FILE_NAME)
