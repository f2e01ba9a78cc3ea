"""A part holds octets that its charset does not have.

## Why it matters
The part says how its octets are to be read. Where that is untrue, people see `�` or `Ã©` instead of accents, and each
program guesses in its own way.

## How to fix
Write the text in UTF-8 and declare `charset=utf-8` in the Content-Type field of the part; a `<meta charset>` in the HTML
does not count in mail.

## References
- [RFC 2045, section 5](https://www.rfc-editor.org/rfc/rfc2045#section-5): Content-Type
- [RFC 2046, section 4.1.2](https://www.rfc-editor.org/rfc/rfc2046#section-4.1.2): without a charset the text is ASCII
- [WHATWG Encoding](https://encoding.spec.whatwg.org/#names-and-labels): what each name is read as
"""

from mailaudit.checks.message._message import content_of, with_header
from mailaudit.checks.rule import Confidence, Evidence, Facts, NotApplicable, Problem, Problems, Severity, check


@check(Severity.ERROR, passed="Every part can be read by its charset.")
def charset_wrong(facts: Facts) -> Problems:
    """Yield a problem for each kind of part whose octets its declaration cannot read."""
    if with_header(facts).is_transcoded:
        raise NotApplicable("an editor saved the file as UTF-16, so the octets of the message are not known")
    told: set[str] = set()
    for part in content_of(facts).parts:
        fault = part.charset_fault
        if fault is None or part.content_type in told:
            continue
        told.add(part.content_type)
        declared = f"says charset={fault.declared}" if fault.declared else "declares no charset"
        yield Problem.about(
            part.content_type,
            f"The {part.content_type} part {declared}, and {fault.reason}: people see wrong characters.",
            "Declare what the text is: Content-Type: text/html; charset=utf-8, for text in UTF-8.",
            "Look for a template or a data file in another charset: one old file is enough.",
            severity=None if fault.declared else Severity.WARNING,
            confidence=Confidence.HIGH if fault.declared else Confidence.MEDIUM,
            evidence=(Evidence(part.content_type, fault.declared or "no charset"),),
        )
