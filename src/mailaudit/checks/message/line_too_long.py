"""A line of the message is longer than mail servers carry.

## Why it matters
A line may have 998 octets. Servers refuse a longer one or break it wherever they are: in the middle of a tag, of a letter,
of the text that DKIM signed. HTML without line breaks is the usual cause.

## How to fix
Send the HTML as quoted-printable or base64, which every mail library does when it is asked; or break the lines of the
template.

## References
- [RFC 5322, section 2.1.1](https://www.rfc-editor.org/rfc/rfc5322#section-2.1.1): 998 octets
- [RFC 5321, section 4.5.3.1.6](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.6)
- [RFC 2045, section 6.7](https://www.rfc-editor.org/rfc/rfc2045#section-6.7): quoted-printable
"""

from mailaudit.checks.message._message import with_header
from mailaudit.checks.rule import Evidence, Facts, Magnitude, Problem, Problems, Severity, check


@check(Severity.ERROR, passed="No line is longer than mail servers carry.")
def line_too_long(facts: Facts) -> Problems:
    """Yield one problem for the lines above 998 octets that no transfer encoding makes short."""
    message = with_header(facts)
    lines = message.long_lines
    if lines:
        first = lines[0]
        yield Problem.about(
            message.path,
            f"{len(lines)} {'line has' if len(lines) == 1 else 'lines have'} more than 998 octets, up to "
            f"{max(line.octets for line in lines):,}: servers refuse them or break them anywhere.",
            "Send the HTML as quoted-printable or base64 (a setting of the sending program).",
            "Or break the long lines of the template at blanks.",
            location=message.where(first.number),
            magnitude=Magnitude(len(lines), "lines"),
            evidence=tuple(Evidence(f"line {line.number}", f"{line.octets:,} octets") for line in lines[:5]),
        )
    message.content.get()
