"""Just enough DER to read an RSA public key (RFC 8017, appendix A.1.1; RFC 5280, section 4.1)."""

from dataclasses import dataclass

_INTEGER = 0x02
_BIT_STRING = 0x03
_OBJECT_IDENTIFIER = 0x06
_SEQUENCE = 0x30
_RSA_ENCRYPTION = bytes.fromhex("2a864886f70d010101")
_LONG_FORM = 0x80
_MAX_LENGTH_OCTETS = 4


class DerError(ValueError):
    """The octets are not the structure that was expected."""


@dataclass
class _Reader:
    data: bytes
    place: int = 0

    def value(self, tag: int) -> bytes:
        """Return the content of the next element, which must have this tag."""
        if self._octet() != tag:
            raise DerError("another structure was expected")
        length = self._octet()
        if length >= _LONG_FORM:
            count = length - _LONG_FORM
            if not 0 < count <= _MAX_LENGTH_OCTETS:
                raise DerError("a length is not valid")
            length = int.from_bytes(bytes(self._octet() for _ in range(count)), "big")
        if self.place + length > len(self.data):
            raise DerError("it ends too early")
        self.place += length
        return self.data[self.place - length : self.place]

    def next_is(self, tag: int) -> bool:
        """Say whether the next element has this tag."""
        return self.place < len(self.data) and self.data[self.place] == tag

    def _octet(self) -> int:
        if self.place >= len(self.data):
            raise DerError("it ends too early")
        self.place += 1
        return self.data[self.place - 1]


def rsa_public_key(data: bytes) -> tuple[int, int]:
    """Return modulus and exponent of an RSA key, as SubjectPublicKeyInfo or as a bare PKCS#1 key.

    Raises `DerError` when the octets are neither.
    """
    body = _Reader(_Reader(data).value(_SEQUENCE))
    if body.next_is(_SEQUENCE):
        algorithm = _Reader(body.value(_SEQUENCE))
        if algorithm.value(_OBJECT_IDENTIFIER) != _RSA_ENCRYPTION:
            raise DerError("it is a key of another algorithm")
        bits = body.value(_BIT_STRING)
        if bits[:1] != b"\0":
            raise DerError("its bit string is not whole octets")
        body = _Reader(_Reader(bits[1:]).value(_SEQUENCE))
    modulus = int.from_bytes(body.value(_INTEGER), "big")
    exponent = int.from_bytes(body.value(_INTEGER), "big")
    if not modulus or not exponent:
        raise DerError("its numbers are zero")
    return modulus, exponent
