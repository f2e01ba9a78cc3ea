"""Whether a mark certificate comes from an authority that receivers trust, and says what such certificates must say.

checkdmarc carries the roots of the recognised Mark Verifying Authorities and the rules for the subject's fields.
Sources: Minimum Security Requirements for Issuance of Mark Certificates (AuthIndicators Working Group);
draft-fetch-validation-vmc-wchuang, section 5.
"""

import re
from importlib.resources import files

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

# Dates and names are judged by the moment of the audit and the campaign's domain, not by the clock; the issuer is judged
# here, because checkdmarc keeps to itself every reason of a failed verification but one.
_JUDGED_BY_US = re.compile(
    r"is not valid until|expired on|does not match the certificate|not issued by a recognized"
)


def objections(data: bytes) -> tuple[str, ...]:
    """Return why receivers do not believe a chain of PEM certificates, as sentence fragments.

    The chain must be one that `read_chain` found in order, with its logo: its sizes are bounded there.
    """
    from checkdmarc.bimi import get_certificate_metadata  # noqa: PLC0415 - heavy, and only for a fetched certificate

    last = x509.load_pem_x509_certificates(data)[-1]
    is_trusted = any(_is_issued_by(last, root) for root in recognised_roots())
    distrust = () if is_trusted else ("no recognised Mark Verifying Authority issued it",)
    try:
        found = get_certificate_metadata(data)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        return (*distrust, f"its subject cannot be read ({type(error).__name__})")
    said = (str(text) for text in found.get("validation_errors", ()))
    return (*distrust, *(_fragment(text) for text in said if not _JUDGED_BY_US.search(text)))


def recognised_roots() -> list[x509.Certificate]:
    """Return the roots that checkdmarc ships."""
    return x509.load_pem_x509_certificates(files("checkdmarc.resources").joinpath("MVACAs.pem").read_bytes())


def _is_issued_by(certificate: x509.Certificate, root: x509.Certificate) -> bool:
    if certificate == root:
        return True
    try:
        certificate.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _fragment(text: str) -> str:
    plain = re.sub(r"^The certificate(?='s| )", "it", text).replace("it's", "its", 1).rstrip(".")
    return plain[:1].lower() + plain[1:]
