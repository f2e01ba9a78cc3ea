"""Reads the certificate of a logo (`a=`): a PEM chain, the mark certificate first.

Source: draft-fetch-validation-vmc-wchuang, sections 4 and 5; RFC 3709 for the logo inside.
"""

import base64
import binascii
import re
from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from msgspec import Struct

from mailaudit.facts.sender.bimi.svg import unpacked

MAX_CHAIN_OCTETS = 512 << 10
_MAX_CERTIFICATES = 8
_PURPOSE = "1.3.6.1.5.5.7.3.31"
_LOGOTYPE = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.12")
_EMBEDDED = re.compile(rb"data:image/svg\+xml(?:;[a-z0-9=-]+)*;base64,([A-Za-z0-9+/=]+)", re.IGNORECASE)


class MarkCertificate(Struct, frozen=True):
    """What the chain says; `errors` are sentence fragments, and empty `names` mean that it could not be read.

    The dates are those between which every certificate of the chain is valid. `logo` is the picture inside.
    Whether the issuer is one that receivers trust is told by `trust.objections`.
    """

    names: tuple[str, ...] = ()
    issuer: str | None = None
    not_before: datetime | None = None
    not_after: datetime | None = None
    logo: bytes | None = None
    errors: tuple[str, ...] = ()

    def covers(self, domain: str, organization: str, selector: str = "default") -> bool:
        """Say whether the certificate is for the domain, its organization, or its BIMI record."""
        wanted = {name for one in (domain, organization) for name in (one, f"{selector}._bimi.{one}")}
        return any(name.lower().rstrip(".") in wanted for name in self.names)


def read_chain(data: bytes) -> MarkCertificate:
    """Return what the file holds; never raises for what stands in it."""
    try:
        chain = x509.load_pem_x509_certificates(data)
    except (ValueError, UnsupportedAlgorithm):
        return MarkCertificate(errors=("it holds no PEM certificates",))
    if len(chain) > _MAX_CERTIFICATES:
        return MarkCertificate(errors=(f"it holds more than {_MAX_CERTIFICATES} certificates",))
    try:
        return _described(chain)
    except (ValueError, UnsupportedAlgorithm) as error:
        return MarkCertificate(errors=(f"its certificate is damaged ({type(error).__name__})",))


def _described(chain: list[x509.Certificate]) -> MarkCertificate:
    leaf = chain[0]
    embedded = _extension(leaf, _LOGOTYPE)
    raw = embedded.value if isinstance(embedded, x509.UnrecognizedExtension) else None
    names = _extension(leaf, x509.SubjectAlternativeName.oid)
    purposes = _extension(leaf, x509.ExtendedKeyUsage.oid)
    is_mark = isinstance(purposes, x509.ExtendedKeyUsage) and any(
        one.dotted_string == _PURPOSE for one in purposes
    )
    errors = [
        *([] if is_mark else ["it is no mark certificate (its purpose is not BIMI)"]),
        *([] if raw else ["it holds no logo (logotype extension)"]),
        *_chain_errors(chain),
    ]
    issuer = leaf.issuer.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
    return MarkCertificate(
        names=tuple(names.get_values_for_type(x509.DNSName))
        if isinstance(names, x509.SubjectAlternativeName)
        else (),
        issuer=str(issuer[0].value) if issuer else None,
        not_before=max(one.not_valid_before_utc for one in chain),
        not_after=min(one.not_valid_after_utc for one in chain),
        logo=_logo_in(raw) if raw else None,
        errors=tuple(errors),
    )


def _extension(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> x509.ExtensionType | None:
    try:
        return certificate.extensions.get_extension_for_oid(oid).value
    except x509.ExtensionNotFound:
        return None


def _chain_errors(chain: list[x509.Certificate]) -> list[str]:
    if len(chain) == 1:
        return ["the certificates of its issuers are missing from the file"]
    for child, parent in pairwise(chain):
        try:
            child.verify_directly_issued_by(parent)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
            return ["its certificates do not follow one from the other, each before its issuer's"]
    return []


def _logo_in(raw: bytes) -> bytes | None:
    found = _EMBEDDED.search(raw)
    try:
        return unpacked(base64.b64decode(found[1], validate=True)) if found else None
    except binascii.Error:
        return None
