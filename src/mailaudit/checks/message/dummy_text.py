"""Filler text was left in the message.

## Why it matters
"Lorem ipsum" and "[Insert name here]" were never meant for readers. They tell everybody that nobody read the message
before it left.

## How to fix
Replace or remove the text, and have somebody who did not write the message read a test.

## References
- [Lorem ipsum](https://www.lipsum.com): where the text comes from
"""

import re

from mailaudit.checks.message._message import said, shown, where
from mailaudit.checks.rule import Evidence, Facts, Problem, Problems, Severity, check

_NOUNS = (
    "name|text|copy|content|headline|title|subject|logo|image|picture|photo|link|url|date|time|address|company|product|price|"
    "amount|number|location|city|place|e-?mail|phone|signature|offer|quote|description|button|event|code|article|prénom|nom|"
    "texte|lien|titre|adresse|entreprise|bild|titel|datum|anrede|nombre|texto|enlace|título|fecha|nome|testo|titolo|data"
)
# No paragraph is longer; a page in one line is looked at from its beginning.
_LONGEST = 100_000
# Compiled when it is first used, for a run without a message needs none.
_DUMMY = (
    r"lorem ipsum|dolor sit amet|consectetur adipiscing|"
    rf"\[\s?(?:insert|insérer|insérez|einfügen|inserta[r]?|inserire|inserisci|inserir)\b"
    rf"(?:\s[^\[\]\r\n]{{0,40}}?\b(?:{_NOUNS})s?)?"
    r"(?:\s(?:here|ici|hier|aquí|qui))?\s?\]|(?-i:\[\s?INSERT\s[^\[\]\r\na-z]{1,60}\])|"
    r"\[\s?(?:your|votre|ihre?|dein|tu|su|il tuo|seu)\s[^\[\]\r\n]{0,20}(?:name|nom|logo|company|entreprise|société|firma|"
    r"text|texte|link|lien|title|titre|address|adresse|product|"
    r"e-?mail|nombre|nome|empresa)[^\[\]\r\n]{0,20}\]|"
    r"\[(?:company|business|organi[sz]ation|sender|recipient|customer|client|product|brand|project|event|store|website) "
    r"(?:name|address|logo|url|link|title|date)(?:,[^\[\]\r\n]{1,20})?\]|"
    r"\b(?:insert|add|put|enter|type) (?:your|the) (?:own )?(?:text|content|copy|headline|title|logo|message|name|link)s?"
    r" here\b|"
    r"(?:\b(?:write|add|enter|type) (?:your )?(?:message|text|content|copy) here\b)|"
    r"\bclick (?:here )?to edit (?:this|the|me)\b|"
    r"^edit this text\b|\bcliquez (?:ici )?pour modifier\b|\buse this area to offer a short preview\b|"
    r"\bthis is (?:a )?(?:sample|placeholder|dummy) "
    r"(?:text|paragraph|content)\b|\b(?:sub)?(?:title|headline) goes here\b|\byour content goes\b|^placeholder text\W*$|"
    r"(?-i:\[(?:TITLE|HEADLINE|SUBTITLE|CTA|TITRE|ÜBERSCHRIFT)\])|"
    r"\b(?:your|sample|placeholder|dummy) (?:text|headline|title|content|copy|logo) (?:goes )?here\b|"
    r"\b(?:votre|insérez votre|insérer le) (?:texte|titre|contenu|logo) ici\b|\btexte à (?:remplacer|insérer|compléter)\b|"
    r"\b(?:ihr|hier) (?:text|titel) (?:hier|einfügen)\b|\btu (?:texto|título) aquí\b|\bil tuo testo qui\b"
)

# One of these stands in every piece; a line without is not looked at more closely.
_HINT = re.compile(
    r"lorem|dolor|consect|here|edit |goes|placeholder|modifier|this (?:is|area)|ici\b|à (?:r|i|c)|hier|aquí|qui\b|\["
)


@check(Severity.ERROR, passed="No filler text is left.")
def dummy_text(facts: Facts) -> Problems:
    """Yield one problem for the pieces of filler text."""
    found = dict.fromkeys(
        (place, match[0])
        for place, line in said(facts)
        if _HINT.search(line.lower())
        for match in re.finditer(_DUMMY, line[:_LONGEST], re.IGNORECASE)
    )
    if found:
        yield Problem.about(
            facts.message.path,
            f"People will read “{shown(next(iter(found))[1])}”: filler text was left in the message.",
            "Replace the filler text, or remove its block.",
            "Read a test before you send.",
            evidence=tuple(Evidence(where(place), shown(text)) for place, text in list(found)[:5]),
        )
