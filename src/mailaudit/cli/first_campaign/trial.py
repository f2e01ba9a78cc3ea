"""An answer is tried when it is given: as a line of a campaign file, and by what it names."""

import os
import tempfile
from pathlib import Path

from mailaudit.cli.first_campaign.answers import FirstAnswers, domain_of
from mailaudit.cli.streams import say
from mailaudit.errors import Complaint, InputError, refused

FILES = ("recipients", "suppression", "sample")
_ANY_SENDER = "news@acme.example"


def tried(answers: FirstAnswers, name: str, text: str) -> str:
    """Return an answer as the campaign file spells it; raises `InputError` when it cannot be used."""
    from mailaudit.campaign.draft import campaign_text  # noqa: PLC0415 - keeps --help light

    value = _from(answers.folder, text) if name in FILES else text
    if name == "sender":
        domain_of(value)
    elif name == "platform":
        return _platform(answers, value)
    # A suppression list belongs to a list, without which it is not written.
    beside = {
        "sender": _ANY_SENDER,
        "recipients": answers.given.get("recipients") if name == "suppression" else None,
    }
    try_out(answers.folder, campaign_text(answers.draft_of({**beside, name: value})))
    if name == "sample":
        _read_message(answers, value)
    elif name == "recipients":
        _tell_column(answers.folder, value)
    return value


def try_out(folder: Path, text: str) -> None:
    """Load a campaign before it is written where it belongs; raises `InputError` for what an answer got wrong."""
    from mailaudit.api import load_campaign  # noqa: PLC0415 - keeps --help light

    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix=".", suffix=".yml", dir=folder, delete=False
    ) as file:
        file.write(text)
    try:
        load_campaign(file.name, check_zones=False)
    except InputError as error:
        raise InputError(*(Complaint(one.what, todo=one.todo) for one in error.complaints)) from error
    finally:
        Path(file.name).unlink()


def _platform(answers: FirstAnswers, text: str) -> str:
    from mailaudit.api import knowledge  # noqa: PLC0415 - keeps --help light
    from mailaudit.knowledge.lookup import platform_meant, platform_named  # noqa: PLC0415 - as above
    from mailaudit.knowledge.named import named  # noqa: PLC0415 - as above

    with knowledge(answers.chosen["knowledge"]):
        found = platform_named(text)
        if found is not None or text.lower() == "none":
            return found.id if found else "none"
        is_known = named(text) is not None
        meant = None if is_known else platform_meant(text)
    if meant is not None or not any(map(str.isalnum, text)):
        what = f"--platform {text}: no platform of this name is known"
        raise refused(what, todo=f"did you mean {meant.id}?" if meant else "leave it empty when you do not know")
    if not is_known:
        say(f"  No platform called {text} is known here: what it asks of your DNS cannot be checked.")
    return text


def _read_message(answers: FirstAnswers, file: str) -> None:
    from mailaudit.api import witness  # noqa: PLC0415 - keeps --help light

    answers.shown = witness(answers.folder / file)
    seen, sender = answers.shown.from_domain, answers.given.get("sender")
    if sender and seen and seen != domain_of(sender):
        say(f"  {file} comes from {seen}, and the campaign from {domain_of(sender)}.")


def _tell_column(folder: Path, file: str) -> None:
    from mailaudit.api import address_column  # noqa: PLC0415 - keeps --help light

    if (folder / file).is_file():  # neither a database nor standard input
        say(f"  The addresses stand in the column {address_column(folder / file)} of {file}.")


def _from(folder: Path, file: str) -> str:
    """Return a file, named relative to the current folder, as the campaign file names it: relative to its own."""
    if "://" in file or not Path(file).exists():
        return file
    try:
        return Path(os.path.relpath(file, folder)).as_posix()
    except ValueError:  # another drive
        return str(Path(file).absolute())
