"""The text was encoded twice.

## Why it matters
People read `Ã©tÃ©` for `été` and `â€™` for an apostrophe. The text was in UTF-8, was taken for Latin-1 on the way, and
encoded again.

## How to fix
Look where the text changes hands: the export of the list, the database connection, the editor of the template. All of them
must speak UTF-8.

## References
- [WHATWG Encoding, UTF-8](https://encoding.spec.whatwg.org/#utf-8)
"""

import re

from mailaudit.checks.message._message import said, where
from mailaudit.checks.rule import Confidence, Evidence, Facts, Problem, Problems, Severity, check

# The second octet of a letter in UTF-8, read as windows-1252.
_SECOND = "\u0080-\u00bf" + bytes(range(0x80, 0xA0)).decode("cp1252", "ignore")
# Entities, quoted-printable and escapes of JSON that readers see: encoded once more than undone.
_STILL_CODED = (
    r"&(?:[A-Za-z](?:acute|grave|circ|uml|tilde|cedil|ring)|[lr][sd]quo|[lr]aquo|szlig|nbsp|amp|quot|apos|#39|#8217|#\d{3});|"
    r"=(?:C[23]=[89AB][0-9A-F]|E2=80=[89AB][0-9A-F])|\\u(?:00[89a-f][0-9a-f]|20[0-3][0-9a-f])"
)
_GARBLED = re.compile(
    rf"{_STILL_CODED}|(?<![A-ZÀ-Þ])Ã[{_SECOND}]|Â[\u00a0-\u00bf]|â[{_SECOND}]{{2}}|ðŸ[{_SECOND}]{{2}}|ï¿½|\ufffd|(?:[ÐÑ][{_SECOND}]){{3}}|(?:Î[{_SECOND}]){{3}}"
)


@check(Severity.WARNING, passed="No text was encoded twice.")
def text_garbled(facts: Facts) -> Problems:
    """Yield one problem for the pairs that only double encoding makes, unless the charset is wrong anyway."""
    content = facts.message.content.get()
    if any(part.charset_fault for part in content.parts):
        return
    found = dict.fromkeys((place, pair[0]) for place, text in said(facts) for pair in _GARBLED.finditer(text))
    if found:
        pairs = list(found)[:5]
        yield Problem.about(
            facts.message.path,
            f"People will read {pairs[0][1]} where another character belongs.",
            "Find where the text is read as Latin-1 although it is UTF-8: export, database, template editor.",
            "Write the text again from the source; replacing the pairs one by one leaves some.",
            confidence=Confidence.HIGH if len(found) > 1 else Confidence.MEDIUM,
            evidence=tuple(Evidence(where(place), pair) for place, pair in pairs),
        )
