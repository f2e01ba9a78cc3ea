"""The catalogues of the languages: extracted from the program, checked and compiled.

Usage: python -m tools.language.catalogue extract|check|compile [NEW …]. `extract` writes what is to be said into each
catalogue and keeps what is translated, `check` tells what is missing or lost, `compile` makes the files that the program
reads. A language of which there is none yet is begun when it is named: `extract it`.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from hatch_build import compiled
from tools.language.documents import of_check, of_knowledge, of_template
from tools.language.sentences import sentences

from mailaudit.language.message import PLACEHOLDER
from mailaudit.language.parts import cells
from mailaudit.language.writing import FORMS

SOURCE = Path(__file__).resolve().parents[2] / "src/mailaudit"
LOCALE = SOURCE / "language/locale"
# What speaks to whoever works on the program or its knowledge, and what is data of other languages.
_UNTOLD = re.compile(
    r"language/|knowledge/(data/)?(reading|types|compile|patterns|list_columns|column_phrases|pages/things)"
    r"|campaign/schema|reports/document/schema"
    r"|cli/(selfcheck|versions|language|commands/(knowledge|completion|selfcheck|schema))"
    r"|facts/(message/unsubscribe|recipients/(cells/dates|tables/schema))"
)
_CODE = re.compile(r"`[^`]+`")
# What changes with every run, or says nothing.
_NOISE = re.compile(
    rb'(?m)^(?:"(?:POT-|PO-Rev|Last-Tr|Generated|Language-Team|Report-)|# (?:Copy|FIRST|This file)).*\n'
)

_HOW = {
    "sound": "which words run together, V for a value that begins with a vowel: “de le = du, de V = d’V”; - where none do",
    "joint": "what stands between two parts, with its blanks",
}
# What click says of a command line, and email-validator of an address.
OF_LIBRARIES = (
    "Usage: {command} [OPTIONS]",
    "Usage: {command} [OPTIONS] {arguments}",
    "Try '{command}' for help.",
    "Invalid value for {option}: {problem}",
    "Missing argument {option}.",
    "No such option {option}.",
    "No such option {option}. Did you mean {meant}?",
    "No such option {option}. (Did you mean one of: {close}?)",
    "Option {option} requires an argument.",
    "{value} is not one of {choices}.",
    "{value} is not a valid {kind}.",
    "{value} is not in the range {interval}.",
    "File {file} does not exist.",
    "Path {path} does not exist.",
    "unknown command {name}. Did you mean {meant}?",
    "integer range",
    "float range",
    "an email address must have an @-sign",
    "an email address cannot have two periods in a row",
    "there must be something before the @-sign",
    "there must be something after the @-sign",
    "there can't be anything after the email address",
    "the email address contains invalid characters before the @-sign: {signs}",
    "the email address is too long before the @-sign {reason}",
    "the part after the @-sign contains invalid characters: {signs}",
    "the part after the @-sign is not valid. It should have a period",
    "an email address cannot end with a period",
)
# What the operating system says of a file.
OF_SYSTEM = (
    "No such file or directory",
    "Permission denied",
    "Is a directory",
    "Not a directory",
    "File exists",
    "File name too long",
    "No space left on device",
    "Read-only file system",
    "Address already in use",
    "Connection refused",
)
# What is made of the units of a table (`wording`), or in a query.
_UNITS = ("second", "minute", "hour", "day", "month", "year")
_TALLIED = (("check", "unverified"), ("check", "crashed"), ("finding", "suppressed"))
# A message that a language says in the same words is made of names, of which it has not many.
_LONG_WORD = re.compile(r"(?<![{\w])[a-z]{4,}(?![}\w])")
_NAMES_AT_MOST = 3
_REFUSALS = ("unsubscribed", "bounced", "complained", "blocklisted", "unconfirmed", "deleted")
_MADE: tuple[tuple[str, str | None], ...] = (
    *((f"{{n}} {unit}", f"{{n}} {unit}s") for unit in _UNITS),
    *((f"{{n}} {unit}", None) for unit in ("h", "min", "s")),
    *((f"{{count}} {'an' if unit == 'hour' else 'a'} {unit}", None) for unit in _UNITS),
    *((severity, None) for severity in ("error", "warning", "note", "high", "medium", "low")),
    *((f"{{n}} {noun}", f"{{n}} {noun}s") for noun in ("error", "warning", "note")),
    *((f"{{n}} {one} {what}", f"{{n}} {one}s {what}") for one, what in _TALLIED),
    *((action, None) for action in ("add", "replace", "remove")),
    *((told, None) for told in (*OF_LIBRARIES, *OF_SYSTEM)),
    ("1 more", None),  # beside the plural, which the sentences with a number have
    ("and 1 more", None),
    ("Hello,", None),  # a line of the letter to a list
    ("takes", None),  # a row of the plan
    ("line {line}", None),
    ("{file}, line {line}", None),
    ("stands already in {place}", None),
    ("stands already in {place}, in other upper and lower case", None),
    ("the same mailbox as in {place}", None),
    ("the same mailbox as another address", None),
    ("one of a run of numbered addresses", None),
    ("letters outside ASCII before the @ sign", None),
    ("there is no top-level domain {domain}", None),
    ("did they mean {domain}?", None),
    ("{verdict} according to {file}", None),
    ("last on {day}", None),
    ("over {share}", None),
    ("no date", None),
    ("what stands there cannot be read as a date", None),
    ("its mail server {host} has no address", None),
    ("{reason} (column {column})", None),
    ("{reason} (column {column}), said of another spelling of the mailbox", None),
    *((reason, None) for reason in _REFUSALS),
    *((f"{{n}} {reason}", f"{{n}} {reason}") for reason in _REFUSALS),
    *(
        (f"{{n}} {which} recipient", f"{{n}} {which} recipients")
        for which in ("external", "internal", "unique", "new")
    ),
    *((f"{reason} (column {{column}})", None) for reason in _REFUSALS),
    *((f"{verdict} according to {{file}}", None) for verdict in ("invalid", "undeliverable")),
    ("on {day}, after the send", None),
    ("a throw-away mailbox", None),
    ("a name of your own domain", None),
    ("the underscore is missing", None),
    ("personal account", None),
    ("phishing", None),
    ("malware", None),
    ("relay of web hosts", None),
    ("(empty)", None),
    ("Grown beyond what was accepted ({count} {unit}): {message}", None),
    *((f"GDPR, {where}", None) for where in ("article 7", "article 21", "articles 4(12) and 33")),
    *((f"Directive {which}", None) for which in ("2000/31/EC, article 6", "2002/58/EC, article 13")),
    ("One-click", None),
    ("PHP mail() called by a script", None),
    ("Any other SMTP plug-in", None),
    ("look-ups", None),
    ("retries", None),
    ("failures", None),
    ("messages a minute", None),
    ("Sub-domain", None),  # a field of a panel that people see in their language
    ("General knowledge, not checked against a source", None),
    # Words of checkdmarc.
    ("the id value must be 1-32 letters or digits (RFC 8461 section 3.1)", None),
    ("{uri} is not a valid SMTP TLS Reporting URI", None),
)

Key = tuple[str, str | None]


@cache
def extracted() -> dict[Key, str]:
    """Return every message of the program, with its plural, and the first file that says it."""
    found: dict[Key, set[str]] = defaultdict(set)
    for file, one, many in _told():
        found[one, many].add(file)
    plurals = {one for one, many in found if many}
    return {key: min(files) for key, files in found.items() if key[1] or key[0] not in plurals}


def _told() -> Iterator[tuple[str, str, str | None]]:
    yield from (("wording.py", one, many) for one, many in _MADE)
    for file in sorted(SOURCE.rglob("*.*")):
        name = file.relative_to(SOURCE).as_posix()
        if _UNTOLD.match(name) or file.suffix not in {".py", ".yml", ".j2"}:
            continue
        source = file.read_text(encoding="utf-8")
        if file.suffix == ".py":
            yield from ((name, message.one, message.many) for message in sentences(source))
            if name.startswith("checks/"):
                yield from ((name, _plain(text), None) for text in of_check(source))
        elif file.suffix == ".j2":
            yield from ((name, text, None) for text in of_template(source))
        elif name.startswith("knowledge/"):
            yield from (
                (name, _plain(cell), None)
                for text in of_knowledge(file.stem, source)
                for cell in cells(text.strip())
            )


def _plain(text: str) -> str:
    """Return a text without placeholders as a message: braces are doubled."""
    return text.replace("{", "{{").replace("}", "}}")


def updated(old: Catalog) -> Catalog:
    """Return a catalogue with exactly what the program says; what was translated stays."""
    new = Catalog(locale=old.locale, project="mailaudit", charset="utf-8", fuzzy=False)
    # A language may know better than CLDR, which has a French plural for whole millions.
    new._num_plurals, new._plural_expr = old.num_plurals, old.plural_expr  # type: ignore[assignment]  # noqa: SLF001 - Babel reads them from files alone
    plurals = {message.id[1]: message for message in old if isinstance(message.id, (tuple, list))}
    for (one, many), file in sorted(extracted().items(), key=lambda item: (item[1], item[0][0])):
        known = plurals.get(many or "") or old.get(one)
        told = known.string if known and bool(many) == isinstance(known.id, tuple) else ""
        new.add((one, many) if many else one, told or None, locations=[(file, 1)])
    for context, key in FORMS:
        form = old.get(key, context)
        new.add(
            key,
            form.string if form else None,
            context=context,
            auto_comments=[_HOW.get(context, "how it is written")],
        )
    return new


def out_of_date(language: str) -> Iterator[str]:
    """Yield what the program says and the catalogue does not hold, and what it holds in vain."""
    told = {one for one, _ in extracted()}
    known = {_texts(message.id)[0] for message in _read(language) if message.id and not message.context}
    yield from (f"{language}: not in the catalogue (make language): {one}" for one in sorted(told - known))
    yield from (f"{language}: said nowhere any more (make language): {one}" for one in sorted(known - told))


def faults(language: str) -> Iterator[str]:
    """Yield what is wrong with a catalogue: what is not translated, a placeholder that was lost or invented."""
    for message in _read(language):
        if message.id:
            yield from (f"{language}: {fault}: {_texts(message.id)[0]}" for fault in _faults_of(message))


def _faults_of(message: Message) -> Iterator[str]:
    if (
        _texts(message.string) == _texts(message.id)
        and len(_LONG_WORD.findall(_texts(message.id)[0])) > _NAMES_AT_MOST
    ):
        yield "left in English"
    forms, wanted = _texts(message.string), [set(PLACEHOLDER.findall(one)) for one in _texts(message.id)]
    for place, form in enumerate(forms):
        names, asked = set(PLACEHOLDER.findall(form)), wanted[min(place, len(wanted) - 1)]
        # “1 mail” may say “one mail”.
        told_anyway = {"n"} if place == 0 and len(forms) > 1 else set()
        if not form:
            yield "not translated"
        elif names - asked - told_anyway or asked - names - told_anyway:
            yield f"placeholders differ ({', '.join(sorted(names ^ asked))})"
        lost = [code for code in _CODE.findall(_texts(message.id)[0]) if form and code not in form]
        yield from (f"not as it is typed: {code}" for code in lost)


def _texts(one_or_more: object) -> tuple[str, ...]:
    return tuple(map(str, one_or_more)) if isinstance(one_or_more, (tuple, list)) else (str(one_or_more or ""),)


def _file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES/mailaudit.po"


def _read(language: str) -> Catalog:
    if not _file(language).exists():
        return Catalog(locale=language)
    with _file(language).open("rb") as opened:
        return read_po(opened, locale=language)


def _write(language: str) -> None:
    told = BytesIO()
    write_po(told, updated(_read(language)), width=0, include_lineno=False)
    _file(language).parent.mkdir(parents=True, exist_ok=True)
    _file(language).write_bytes(_NOISE.sub(b"", told.getvalue()))


def main(task: str, *new: str) -> int:
    """Do one task for every language, also for new ones; a language is a folder below `locale`."""
    names = sorted({*new, *(folder.name for folder in LOCALE.iterdir() if folder.is_dir())})
    if task == "check":
        found = [fault for name in names for fault in (*out_of_date(name), *faults(name))]
        sys.stdout.writelines(f"{fault}\n" for fault in found)
        return 1 if found else 0
    for name in names:
        if task == "extract":
            _write(name)
        _file(name).with_suffix(".mo").write_bytes(compiled(_file(name)))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
