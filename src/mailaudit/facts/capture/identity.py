"""Names for people that only the owner of a key can compare: an HMAC of the address in the form in which lists compare it."""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from mailaudit.errors import refused
from mailaudit.facts.recipients.cells.address import judge
from mailaudit.reach.bounded import read_bounded

KEY_FILE = "key"
_OCTETS = 32
_NO_KEY = "capture again: without the key nobody can be recognised"
_SHOWN = 32
_COMPARED = 8


def comparable(address: str) -> str:
    """Return an address as lists compare it: the local part in lower case, the domain in lower-case A-labels."""
    if address.isascii():
        return address.lower()
    found = judge(address)
    return found.key if found.is_valid else address.lower()


def make_key(folder: Path) -> bytes:
    """Write a new key, which only its owner may read; raises `OSError`."""
    key = secrets.token_bytes(_OCTETS)
    handle = os.open(folder / KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key.hex().encode("ascii") + b"\n")
    return key


def read_key(folder: Path) -> bytes:
    """Return the key of a capture; raises `InputError` when there is none."""
    path = folder / KEY_FILE
    try:
        key = bytes.fromhex(read_bounded(path, 2 * _OCTETS + 2).decode("ascii").strip())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "this is no key of a capture"
        raise refused(f"{path}: the key cannot be read ({reason})", todo=_NO_KEY) from error
    if len(key) != _OCTETS:
        raise refused(f"{path}: this is no key of a capture", todo=_NO_KEY)
    return key


def name_of(key: bytes, text: str) -> str:
    """Return the name of a text under a key: 32 hexadecimal digits."""
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256").hex()[:_SHOWN]


def number_of(name: str) -> int:
    """Return a number for a name: its first 64 bits, which do not meet by chance among some millions."""
    if len(name) == _SHOWN:
        with suppress(ValueError):
            return int(name[: 2 * _COMPARED], 16)
    # No name under a key; it is told from others all the same.
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=_COMPARED).digest())


def number_under(key: bytes, text: str) -> int:
    """Return the number of the name of a text under a key."""
    return int.from_bytes(hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256")[:_COMPARED])


@lru_cache(maxsize=65_536)
def domain_of(address: str) -> str:
    """Return the domain of a comparable address."""
    return address.rpartition("@")[2]
