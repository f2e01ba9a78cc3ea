"""The TLS-RPT record cannot be used.

## Why it matters
TLS-RPT asks other servers to report when encrypted delivery to you fails. A record that holds an error, or that
stands there twice, is ignored. It does not touch the delivery of the campaign itself.

## How to fix
Publish one record: `v=TLSRPTv1; rua=mailto:` and an address that is read.

## References
- [RFC 8460, section 3](https://www.rfc-editor.org/rfc/rfc8460#section-3)
"""

from mailaudit.checks.rule import Facts, Problems, Severity, check
from mailaudit.checks.sender._transport import broken


@check(Severity.NOTE, passed="The TLS-RPT record is well-formed, or there is none.")
def tls_rpt_invalid(facts: Facts) -> Problems:
    """Yield a problem for a broken or repeated TLS-RPT record."""
    yield from broken(facts.sender.transport.tls_rpt, "TLS-RPT", "TLSRPTv1")
