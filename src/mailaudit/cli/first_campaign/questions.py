"""The questions of `init`: each offers what is seen, and asks again until its answer can be used."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click

from mailaudit.cli.first_campaign.answers import FirstAnswers
from mailaudit.cli.first_campaign.trial import FILES, tried
from mailaudit.cli.outputs import write_atomically
from mailaudit.cli.streams import complain, say
from mailaudit.errors import Complaint, InputError
from mailaudit.language.spoken import form, said
from mailaudit.reports.safe_text import inert

QUESTIONS = {
    "sender": "From address of the campaign",
    "recipients": "Recipient list",
    "suppression": "List of people who must not be mailed",
    "sample": "A test message as you received it (.eml)",
    "platform": "Platform that sends, such as brevo or mailchimp; none for your own server or mailbox",
    "ips": "IP address of the server that sends",
    "rate": "How fast, such as 600/10min",
    "start": "When the send begins, such as 2026-12-01T09:00",
}
KEPT = ".mailaudit-init.json"
_NOTHING = "-"
_LISTS = (".csv", ".tsv", ".txt", ".xlsx", ".jsonl", ".parquet", ".csv.gz")
_STOP = (
    "suppress",
    "unsub",
    "optout",
    "opt-out",
    "opt_out",
    "désabo",
    "desabo",
    "désinscri",
    "desinscri",
    "abmeld",
    "abgemeld",
)
_BYTES_AT_MOST = 100_000
_SHOWN = 4
# What other answers make needless to ask.
_IS_ASKED: dict[str, Callable[[dict[str, str]], bool]] = {
    "suppression": lambda given: "recipients" in given,
    "ips": lambda given: given.get("platform") == "none",
}


def take_options(answers: FirstAnswers) -> None:
    """Check what the options tell, a message first; raises `InputError` for all that cannot be used."""
    from mailaudit.api import parse_sender  # noqa: PLC0415 - keeps --help light
    from mailaudit.campaign.of_domain import as_domain  # noqa: PLC0415 - as above

    complaints: list[Complaint] = []
    if domain := answers.chosen["domain"]:
        answers.chosen["domain"] = as_domain(domain) or domain
        parse_sender(f"news@{answers.chosen['domain']}", "--domain")
    for name in sorted(QUESTIONS, key=lambda one: one != "sample"):
        told = answers.chosen[name]
        value = ", ".join(told) if isinstance(told, tuple) else told
        try:
            if value:
                answers.given[name] = tried(answers, name, value)
        except InputError as error:
            complaints += error.complaints
    if complaints:
        raise InputError(*dict.fromkeys(complaints))


def ask(answers: FirstAnswers) -> None:
    """Ask on the terminal for what is not known yet; answers are kept when that is interrupted."""
    kept = _read(answers.folder / KEPT)
    try:
        for name in QUESTIONS:
            if name not in answers.given and (name not in _IS_ASKED or _IS_ASKED[name](answers.given)):
                _ask(answers, name, kept.get(name))
    except (KeyboardInterrupt, click.Abort):
        if answers.given:
            with suppress(InputError):
                write_atomically(answers.folder / KEPT, json.dumps(answers.given, ensure_ascii=False) + "\n")
                say("\nYour answers are kept: `mailaudit init` offers them again.")
        raise


def forget(folder: Path) -> None:
    """Remove what an interrupted run has kept."""
    (folder / KEPT).unlink(missing_ok=True)


def _ask(answers: FirstAnswers, name: str, kept: str | None) -> None:
    seen = _seen(answers, name)
    offer, must = kept or (seen[0] if len(seen) == 1 else None), name == "sender"
    which = f"{inert(', '.join(seen[:_SHOWN]))}? " if len(seen) > 1 else ""
    hint = f" [{inert(offer)}{'' if must else f', {_NOTHING} for none'}]" if offer else ""
    hint = hint or ("" if must else f" ({which}empty: not known yet)")
    while name not in answers.given:
        asked, colon = f"{said(QUESTIONS[name])}{said(hint)}", form("joint", ": ")
        given = click.prompt(asked, default=offer or "", show_default=False, err=True, prompt_suffix=colon)
        text = given.strip().strip("'\"")
        if text in {"", _NOTHING} and not must:
            return
        try:
            answers.given[name] = tried(answers, name, text)
        except InputError as error:
            for complaint in error.complaints:
                complain(complaint, "  ")


def _seen(answers: FirstAnswers, name: str) -> list[str]:
    """Return the answers that the folder, the message or DNS suggests."""
    if name == "platform":
        for line in answers.remarks:
            say(f"  {line}")
    told = {
        "sender": answers.sender,
        "platform": answers.platform if name == "platform" else None,
        "ips": next(map(str, answers.shown.addresses), None) if answers.shown else None,
    }
    if name not in FILES:
        return list(filter(None, [told.get(name)]))
    suffixes = (".eml",) if name == "sample" else _LISTS
    files = [one.name for one in sorted(answers.folder.iterdir()) if one.is_file()]
    fitting = [one for one in files if one.lower().endswith(suffixes) and one not in answers.given.values()]
    if name == "sample":
        return fitting
    stops = [one for one in fitting if any(word in one.lower() for word in _STOP)]
    return stops if name == "suppression" else [one for one in fitting if one not in stops]


def _read(file: Path) -> dict[str, str]:
    with suppress(OSError, ValueError, RecursionError):
        if file.stat().st_size <= _BYTES_AT_MOST:
            kept = json.loads(file.read_text(encoding="utf-8"))
            texts = kept.items() if isinstance(kept, dict) else ()
            return {name: text for name, text in texts if isinstance(text, str)}
    return {}
