"""One cell of a list: an address with its comparable form, or the reason why it is none.

The verdict is that of email-validator in strict mode without deliverability; reserved domains such as
`shop.example` are therefore valid, `shop.test`, `shop.invalid` and `shop.local` are not.
"""

import re

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from msgspec import Struct
from msgspec.structs import replace

from mailaudit.facts.recipients.cells.repairs import odd_sign, signs_around

# RFC 5321, section 4.5.3.1: no address that is longer can be valid, whatever else it holds.
MAX_ADDRESS = 254
MAX_LOCAL_PART = 64

_WRAPPED = re.compile(r"([^<>]*)<\s*([^<>]+?)\s*>\Z", re.DOTALL)
# What address books and people write between the addresses of one cell.
_SEPARATORS = re.compile(r"\s*(?:[;,|\r\n]|:::)+\s*|\s+[/&]\s+")
# Of the blanks only those that people type: a control character between two addresses makes one that is none.
_BLANKS = re.compile(r"[ \t\xa0]+")
# What arrays have around them and their texts.
_AROUND = " \t[]{}'\""


class Verdict(Struct, frozen=True):
    """What a cell holds.

    `local` (as written, NFC) and `domain` (lower-case A-labels) are empty when the cell is no address and
    `reason` says why. `several` is set when the cell holds more than one address, of which it is the first.
    """

    local: str = ""
    domain: str = ""
    reason: str | None = None
    several: bool = False

    @property
    def is_valid(self) -> bool:
        """Whether the cell is one valid address."""
        return self.reason is None

    @property
    def key(self) -> str:
        """The form in which two addresses are compared: lower-case local part, lower-case A-label domain."""
        return f"{self.local.lower()}@{self.domain}"


def judge(cell: str) -> Verdict:
    """Judge one cell; white space around it and a display name (`Name <a@b>`) are not held against it."""
    text = cell.strip()
    wrapped = _WRAPPED.match(text) if text.endswith(">") else None
    address = wrapped[2] if wrapped and _names(wrapped[1], wrapped[2]) else text
    if "@" in address and len(address) <= MAX_ADDRESS:
        try:
            found = validate_email(address, check_deliverability=False, strict=True)
        except EmailNotValidError:
            pass
        else:
            return Verdict(found.local_part, found.ascii_domain)
    several = addresses_in(text)
    if several:
        return replace(several[0], several=len({one.key for one in several}) > 1)
    if text.count("@") > 1 and len(text) <= 100 * MAX_ADDRESS and _reads_as_several(text):
        return Verdict(reason="more than one address in the cell")
    return Verdict(reason=_reason(address))


def addresses_in(text: str) -> tuple[Verdict, ...]:
    """Return the addresses of a cell that holds several and nothing that is none; nothing of every other cell."""
    if text.count("@") < 2 or len(text) > 100 * MAX_ADDRESS:  # noqa: PLR2004 - two addresses have two at-signs
        return ()
    for separators in (_SEPARATORS, *(() if "<" in text else (_BLANKS,))):
        parts = [part.strip(_AROUND) for part in separators.split(text.strip(_AROUND)) if part.strip(_AROUND)]
        if len(parts) < 2 or any(part.count("@") != 1 for part in parts):  # noqa: PLR2004 - several are two at least
            continue
        found = tuple(map(judge, parts))
        if all(one.is_valid for one in found):
            return found
    return ()


def _reads_as_several(text: str) -> bool:
    """Say whether two addresses stand there with nothing between that says that they are two."""
    parts = [part.strip("<>") for part in text.split() if "@" in part]
    return len(parts) > 1 and all(part.count("@") == 1 and judge(part).is_valid for part in parts[:2])


def _names(before: str, address: str) -> bool:
    """Say whether what stands before `<address>` is only a name, or the same address once more."""
    return "@" not in before or before.strip(" \t'\"").lower() == address.lower()


def _reason(text: str) -> str:
    if not text:
        return "no address"
    if reason := odd_sign(text) or signs_around(text):
        return reason
    local, at, domain = text.rpartition("@")
    if not at:
        return "no @ sign"
    return _length_reason(text, local) or _local_reason(local) or _domain_reason(domain) or "not a valid address"


def _length_reason(text: str, local: str) -> str | None:
    if len(text.encode("utf-8", "replace")) > MAX_ADDRESS:
        return f"longer than {MAX_ADDRESS} characters"
    if len(local) > MAX_LOCAL_PART:
        return f"more than {MAX_LOCAL_PART} characters before the @ sign"
    return None


def _local_reason(local: str) -> str | None:
    tests = (
        (not local, "nothing before the @ sign"),
        ("@" in local, "more than one @ sign"),
        (any(char.isspace() for char in local), "a space before the @ sign"),
        (local.startswith('"'), "quotes around the part before the @ sign"),
        (
            local.startswith(".") or local.endswith("."),
            "a dot at the start or the end of the part before the @ sign",
        ),
        (".." in local, "two dots in a row"),
        (
            bool(re.search(r"[\x00-\x20\x7f()<>\[\]:;,\\\"]", local)),
            "a character that is not allowed before the @ sign",
        ),
    )
    return next((reason for hit, reason in tests if hit), None)


def _domain_reason(domain: str) -> str | None:
    lower = domain.lower()
    tests = (
        (not domain, "nothing after the @ sign"),
        (any(char.isspace() for char in domain), "a space after the @ sign"),
        (domain.startswith("["), "an IP address instead of a domain"),
        (domain.startswith(".") or domain.endswith("."), "a dot at the start or the end of the domain"),
        (".." in domain, "two dots in a row"),
        (
            bool(re.search(r"[\x00-\x2c/\x3a-\x40\x5b-\x60\x7b-\x7f]", domain)),
            "a character that is not allowed in a domain",
        ),
        ("." not in domain, "a domain without a dot"),
        (
            bool(re.search(r"(\A|\.)-|-(\.|\Z)", domain)),
            "a hyphen at the start or the end of a part of the domain",
        ),
        (
            any(f".{lower}".endswith(f".{name}") for name in SPECIAL_USE_DOMAIN_NAMES),
            "a domain that can receive no mail",
        ),
        (not domain[-1:].isalpha(), "a domain that ends with no letter"),
    )
    return next((reason for hit, reason in tests if hit), None)
