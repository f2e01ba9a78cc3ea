"""An address in the header is broken over two lines.

## Why it matters
A header field may be folded at blanks only, and an address has none: receivers take the two halves for two words, and the
unsubscribe button stays away or leads nowhere.

## How to fix
Let the sending program fold between the addresses, or not at all: 998 octets are allowed in a line.

## References
- [RFC 5322, section 2.2.3](https://www.rfc-editor.org/rfc/rfc5322#section-2.2.3): folding at white space
- [RFC 2369, section 2](https://www.rfc-editor.org/rfc/rfc2369#section-2)
"""

import re

from mailaudit.checks.message._message import place_of, with_header
from mailaudit.checks.rule import Evidence, Facts, Problem, Problems, Severity, check

_BROKEN = re.compile(rb"<(?=[^\S\n]*[^\s<>])[^<>\n]*+\n[^<>]*+>")


@check(Severity.ERROR, passed="No address of the header is broken over two lines.")
def header_folded_in_address(facts: Facts) -> Problems:
    """Yield a problem for each List- field with a line break inside `<…>`."""
    for item in with_header(facts).headers or ():
        if item.name.lower().startswith("list-") and _BROKEN.search(item.raw):
            yield Problem.about(
                item.name,
                f"An address of {item.name} is broken over two lines, so receivers cannot use it.",
                "Write each address in one line; fold the field between the addresses.",
                "Send a test again.",
                location=place_of(facts, item),
                evidence=(Evidence(item.name, "a line break between < and >"),),
            )
