"""The name beside the From address shows another address, or hides characters.

## Why it matters
Many mail programs show only the name. One that holds an address of another domain makes readers believe that the mail
comes from there, as fraud does, and filters look for exactly that. Invisible characters and those that turn the
direction of writing are used for the same purpose.

## How to fix
Write the name of your company or newsletter, and nothing else, into `from:` and into the sending software.

## References
- [Google: email sender guidelines](https://support.google.com/a/answer/81126)
- [SpamAssassin: FromNameSpoof](https://spamassassin.apache.org/full/4.0.x/doc/Mail_SpamAssassin_Plugin_FromNameSpoof.html)
"""

import re
import unicodedata

from mailaudit.checks.rule import Evidence, Facts, NotApplicable, Problem, Problems, Severity, check
from mailaudit.facts.sender.names import is_at_or_under

_ADDRESS = re.compile(r"[^\s@<>\"(),;]{1,64}@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+)", re.IGNORECASE)
_HIDDEN = frozenset({"Cf", "Cc", "Co", "Cn"})
# Emoji are joined by one, and some scripts need the other between letters.
_JOINERS = frozenset({"\u200c", "\u200d"})


@check(Severity.WARNING, passed="The name beside the From address is only a name.", needs=())
def from_name_misleading(facts: Facts) -> Problems:
    """Yield a problem for an address of another domain in the name, and for invisible characters."""
    name = facts.campaign.from_.display_name
    if name is None:
        raise NotApplicable("the From address has no name beside it")
    own = facts.sender.organizational_domain
    others = [found[1].lower() for found in _ADDRESS.finditer(name) if not is_at_or_under(found[1].lower(), own)]
    hidden = [letter for letter in name if unicodedata.category(letter) in _HIDDEN and letter not in _JOINERS]
    if others:
        message = f"People will see an address at {others[0]} as the sender's name, but the mail comes from {own}."
    elif hidden:
        message = "The sender's name holds invisible characters, which filters take for a disguise."
    else:
        return
    shown = ", ".join(f"U+{ord(letter):04X}" for letter in dict.fromkeys(hidden[:5]))
    yield Problem.about(
        str(facts.campaign.from_.address),
        message,
        "Write only the name of your company or newsletter in front of the address.",
        location="from",
        discriminator="address" if others else "characters",
        evidence=(Evidence("invisible characters", shown),) if shown else (),
    )
