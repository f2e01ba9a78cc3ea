"""The pydantic types of the campaign file: how a written text becomes a value, and how an editor explains it."""

import codecs
from collections.abc import Callable
from datetime import date, datetime
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, GetCoreSchemaHandler, PlainValidator, WithJsonSchema
from pydantic_core import CoreSchema

from mailaudit.campaign.values import names, rates
from mailaudit.campaign.values.paths import input_path, parse_path
from mailaudit.campaign.values.start import parse_start
from mailaudit.campaign.values.types import DatabaseUrl, Duration, Hours, Mailbox, MailFrom, Rate
from mailaudit.errors import without_passwords
from mailaudit.reach.yaml.unusable import Unusable, shown, suggestion

IpAddress = IPv4Address | IPv6Address
T = TypeVar("T")

_MAX_LINE = 1000
_NO_FILE_ENCODINGS = set("idna punycode unicode_escape raw_unicode_escape undefined utf-7 mbcs oem".split())


def parse_line(text: str) -> str:
    """Return a text of one line without spaces around it."""
    line = text.strip()
    if not line:
        raise Unusable("is empty", "write a text, or leave the key out")
    if "\n" in line or len(line) > _MAX_LINE:
        raise Unusable(f"is not one line of at most {_MAX_LINE} characters", "write it in one line")
    return line


def parse_block(text: str) -> str:
    """Return a text of any number of lines without space around it."""
    if not text.strip():
        raise Unusable("is empty", "write a text, or leave the key out")
    return text.strip()


def parse_name(text: str) -> str:
    """Return a name of the knowledge base: one line, in lower case, without a password if it is an address."""
    return without_passwords(parse_line(text)).lower()


def parse_encoding(text: str) -> str:
    """Return the name of a character encoding as Python writes it."""
    try:
        found = codecs.lookup(text.strip().lower().replace("windows-", "cp").replace(" ", "_"))
        "".encode(found.name)  # what makes bytes of bytes is no encoding of characters
    except (LookupError, ValueError):
        raise Unusable(
            f"{shown(text)} is no character encoding", "write for example cp1251 or shift_jis"
        ) from None
    if found.name in _NO_FILE_ENCODINGS:
        raise Unusable(f"{shown(text)} is no character encoding of files", "write for example cp1251 or shift_jis")
    return found.name


def _from_text(kind: type | tuple[type, ...], parse: Callable[[str], Any]) -> PlainValidator:
    def validate(value: object) -> object:
        if isinstance(value, str) and not isinstance(value, DatabaseUrl):
            return parse(value)
        if isinstance(value, kind) and not isinstance(value, bool):
            return value
        raise Unusable(_not_a_text(value), "write one value")

    return PlainValidator(validate)


def _not_a_text(value: object) -> str:
    if isinstance(value, dict):
        return "keys stand where one value is expected"
    if isinstance(value, (list, tuple)):
        return "a list stands where one value is expected"
    return "has no value" if value is None else f"{shown(str(value))} cannot be used here"


def _one_or_many(value: object) -> object:
    return value if isinstance(value, (list, tuple, dict)) or value is None else (value,)


def _text(pattern: str | None = None, **more: object) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **({"pattern": pattern} if pattern else {}), **more})


_ANY_TEXT = {"type": ["string", "number"], "minLength": 1}
_DOMAIN = {"type": "string", "pattern": r"^[^\s/@:]+$"}
_IP = {"anyOf": [{"type": "string", "format": "ipv4"}, {"type": "string", "format": "ipv6"}]}
_PATH = {"type": "string", "minLength": 1}
_SERVER = {"type": "string", "pattern": r"^[0-9A-Fa-f.:\[\]]+$"}


class OneOf:
    """Annotates a literal whose words count in any case; `aliases` are further words for some of them."""

    def __init__(self, **aliases: str) -> None:
        self._aliases = aliases

    def __get_pydantic_core_schema__(self, literal: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of the literal behind what reads its words."""
        names = get_args(literal)
        known = dict(zip(names, names, strict=True)) | self._aliases

        def validate(value: object) -> str:
            if not isinstance(value, str):
                raise Unusable(_not_a_text(value), f"write one of {', '.join(names)}")
            if value.lower() not in known:
                todo = suggestion(value, known) or f"write one of {', '.join(names)}"
                raise Unusable(f"{shown(value)} is not known here", todo)
            return str(known[value.lower()])

        reading = BeforeValidator(validate, json_schema_input_type=Literal.__getitem__(tuple(known)))
        return reading.__get_pydantic_core_schema__(literal, handler)


def _some(item: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [item, {"type": "array", "items": item}, {"type": "null"}]})


Line = Annotated[str, _from_text(str, parse_line), WithJsonSchema(_ANY_TEXT)]
Block = Annotated[str, _from_text(str, parse_block), _text(minLength=1)]
Name = Annotated[str, _from_text(str, parse_name), WithJsonSchema(_ANY_TEXT)]
Count = Annotated[
    int,
    _from_text(int, rates.parse_count),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 9_999_999_999}),
]
DurationField = Annotated[Duration, _from_text(Duration, rates.parse_duration), _text(rates.DURATION_PATTERN)]
EncodingField = Annotated[str, _from_text(str, parse_encoding), _text()]
RateField = Annotated[Rate, _from_text(Rate, rates.parse_rate), _text(rates.RATE_PATTERN)]
HoursField = Annotated[Hours, _from_text(Hours, rates.parse_hours), _text(rates.HOURS_PATTERN)]
StartField = Annotated[datetime, _from_text(datetime, parse_start), _text(rates.START_PATTERN)]
DateField = Annotated[date, _from_text(date, rates.parse_date), _text(rates.DATE_PATTERN)]
ZoneField = Annotated[ZoneInfo, _from_text(ZoneInfo, rates.parse_zone), _text()]


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "yes", "on", "false", "no", "off"}:
        return value.lower() in {"true", "yes", "on"}
    raise Unusable(_not_a_text(value), "write true or false")


def _line_map(value: object) -> object:
    if isinstance(value, dict):
        return value
    raise Unusable("is no mapping", "write for example {FNAME: first_name}")


def _days(value: object) -> frozenset[int]:
    return value if isinstance(value, frozenset) else rates.parse_days(value)


DaysField = Annotated[
    frozenset[int], PlainValidator(_days), _some({"type": "string", "pattern": rates.DAYS_PATTERN})
]
Domain = Annotated[str, _from_text(str, names.parse_domain), WithJsonSchema(_DOMAIN)]
HeloName = Annotated[str, _from_text(str, names.parse_helo), _text(r"^[^\s/@]+$")]
HostPort = Annotated[str, _from_text(str, names.parse_host_port), _text(r"^[^\s/@]+$")]
Selector = Annotated[str, _from_text(str, names.parse_selector), WithJsonSchema(_ANY_TEXT)]
MailboxField = Annotated[Mailbox, _from_text(Mailbox, names.parse_mailbox), _text(r"^[^\r\n]*@[^\r\n]*$")]
MailFromField = Annotated[MailFrom, _from_text(MailFrom, names.parse_mail_from), _text(r"^[^\s/]+$")]

_Ip = Annotated[IpAddress, _from_text((IPv4Address, IPv6Address), names.parse_ip)]
_Server = Annotated[str, _from_text(str, names.parse_dns_server)]
_Input = Annotated[Path | DatabaseUrl, PlainValidator(input_path)]
_FilePath = Annotated[Path, PlainValidator(parse_path)]

Ips = Annotated[tuple[_Ip, ...], BeforeValidator(_one_or_many), _some(_IP)]
Servers = Annotated[tuple[_Server, ...], BeforeValidator(_one_or_many), _some(_SERVER)]
Inputs = Annotated[tuple[_Input, ...], BeforeValidator(_one_or_many), _some(_PATH)]
FilePaths = Annotated[tuple[_FilePath, ...], BeforeValidator(_one_or_many), _some(_PATH)]
Lines = Annotated[tuple[Line, ...], BeforeValidator(_one_or_many), _some({"type": "string", "minLength": 1})]
Flag = Annotated[bool, PlainValidator(_flag), WithJsonSchema({"type": "boolean"})]
LineMap = Annotated[
    dict[Line, Line],
    BeforeValidator(_line_map),
    WithJsonSchema({"type": "object", "additionalProperties": _ANY_TEXT}),
]
FilePath = Annotated[Path, PlainValidator(parse_path), WithJsonSchema(_PATH)]
FailOn = Annotated[Literal["error", "warning", "note", "never"], OneOf()]
