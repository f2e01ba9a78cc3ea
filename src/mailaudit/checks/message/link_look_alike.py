"""A link leads to a name that looks like another one.

## Why it matters
A Cyrillic letter in the name of a site looks like a Latin one. It is how names are forged: browsers show the coded form,
filters refuse it, and whoever copied such a link from a phishing mail sends readers to the forger.

## How to fix
Type the name of the site again, and compare it letter by letter.

## References
- [Unicode Technical Standard 39](https://www.unicode.org/reports/tr39/): mixed scripts and confusable letters
- [RFC 5891](https://www.rfc-editor.org/rfc/rfc5891): names with other letters
"""

from mailaudit.checks.confusables import mixed_label, read_name, resembles
from mailaudit.checks.message._links import own_organizations, targets
from mailaudit.checks.rule import Confidence, Evidence, Facts, Problem, Problems, Severity, check
from mailaudit.facts.sender.names import organizational_domain
from mailaudit.knowledge.links import forged_names

# An address that was garbled by a wrong charset is no name at all.
_GARBLED = "\ufffd"


@check(Severity.ERROR, passed="No link leads to a name that looks like another one.")
def link_look_alike(facts: Facts) -> Problems:
    """Yield a problem for each host that mixes scripts, or that looks like one of the sender's and is none."""
    own = own_organizations(facts)
    for host in dict.fromkeys(one.host for one in targets(facts) if one.host and _GARBLED not in one.host):
        name = read_name(host)
        label = mixed_label(name)
        wanted = own if name.isascii() else own | forged_names()
        forged = None if organizational_domain(host) in own else resembles(name, wanted)
        if label or forged:
            why = f"looks like {forged} and is another name" if forged else f"mixes scripts in “{label}”"
            yield Problem.about(
                host,
                f"A link leads to {name}, which {why}.",
                f"Type the name {name} in the link again.",
                "Find out where the link was copied from.",
                confidence=Confidence.HIGH if not name.isascii() else Confidence.MEDIUM,
                evidence=(Evidence("as mailboxes read it", _coded(name)),),
            )


def _coded(name: str) -> str:
    try:
        return name.encode("idna").decode()
    except UnicodeError:
        return name.encode("ascii", "backslashreplace").decode()
