"""The grammars of MTA-STS and TLS-RPT records, as checkdmarc reads them (RFC 8461, section 3.1; RFC 8460, section 3).

checkdmarc takes long to import: these functions are called only for a record that exists.
"""

import re
from collections.abc import Callable

_EXPECTED = re.compile(r"Error: Expected (?P<what>.+) at position (?P<position>\d+) \(marked", re.DOTALL)
_WORDS = {"tag_value": "name=value", "end_of_statement": "the end"}


def mta_sts_errors(text: str) -> tuple[str, ...]:
    """Return what makes senders ignore an MTA-STS record, as sentence fragments."""
    from checkdmarc.mta_sts import MTASTSError, parse_mta_sts_record  # noqa: PLC0415 - heavy, see above

    return _errors(parse_mta_sts_record, MTASTSError, "v=STSv1;", text)


def tls_rpt_errors(text: str) -> tuple[str, ...]:
    """Return what makes senders ignore a TLS-RPT record, as sentence fragments."""
    from checkdmarc.smtp_tls_reporting import (  # noqa: PLC0415 - heavy, see above
        SMTPTLSReportingError,
        parse_smtp_tls_reporting_record,
    )

    return _errors(parse_smtp_tls_reporting_record, SMTPTLSReportingError, "v=TLSRPTv1;", text)


def _errors(parse: Callable[[str], object], refusal: type[Exception], version: str, text: str) -> tuple[str, ...]:
    # checkdmarc strips quotation marks that were pasted into the record; receivers do not.
    if text.startswith('"') or text.endswith('"'):
        return ("quotation marks stand in the record itself",)
    try:
        parse(text)
    except refusal as error:
        return (_fragment(str(error), version),)
    return ()


def _fragment(message: str, version: str) -> str:
    expected = _EXPECTED.match(message)
    if expected is None:
        return (message[:1].lower() + message[1:]).rstrip(".")
    words = {**_WORDS, "version_tag": version}
    # checkdmarc names them in the order of a set, which changes from run to run.
    what = " or ".join(words.get(word, word) for word in sorted(expected["what"].split(" or "), reverse=True))
    return f"at character {int(expected['position']) + 1}, where {what} should stand"
