"""The subject is that of a test or a draft.

## Why it matters
"[TEST]", "Copy of" or "Draft" in front of a subject is put there by editors and colleagues. It is the first thing that
everybody reads, and it cannot be recalled.

## How to fix
Write the subject that readers are to see, and look at it in the test message that is the last.

## References
- [Mailchimp: replicate a campaign](https://mailchimp.com/help/replicate-a-campaign/): copies are named "copy"
"""

import re

from mailaudit.checks.message._message import place_of, shown
from mailaudit.checks.message.subject_fake_reply import REPLY
from mailaudit.checks.rule import Evidence, Facts, NotGiven, Problem, Problems, Severity, check

_WORDS = (
    r"test(?:ing|mail)?|essai|brouillon|draft|entwurf|prueba|borrador|prova|bozza|teste|rascunho|concept|kladde|utkast|"
    r"тест|черновик|テスト|测试|測試|테스트"
)
# Compiled when it is first used, for a run without a message needs none.
_LEFT = (
    rf"^\s*(?:[\[({{<*]+\s*(?:{_WORDS})(?:\s?[#n°]*\s?\d+|\s+(?:mail|email|version))?\s*[\])}}>*]+|"
    rf"(?:{_WORDS})(?:\s+(?:e-?mail|mail|message|newsletter|campaign|d.envoi))?\s*[#n°]*\s*\d*\s*$|"
    r"(?:brouillon|draft|entwurf|borrador|bozza|rascunho|utkast)\s*[:\-\u2013\u2014|]|"
    r"(?-i:TEST(?:E|MAIL)?|ESSAI|PRUEBA|PROVA)\s*\d*\s*[:\-\u2013\u2014|]|"
    r"(?-i:BAT)\s*\d*\s*[:\-\u2013\u2014|]|"
    r"copy of (?!(?:your|the|our|an?|my|this|his|her)\b)\S|"
    r"copie de (?!(?:votre|vos|la|le|les|l['\u2019]|nos|notre|ma|mes|ton|ta)\b)\S|"
    r"kopie von (?!(?:ihrer?|deiner?|unserer?|der|dem)\b)\S|copia d[ei] (?!(?:su|tu|la|el|l['\u2019]|sua|tua)\b)\S|"
    r"[\[({<]\s*(?:bat|proof|preview|aperçu|vorschau)\s*\d{0,2}\s*[\])}>]|do not send\b|ne pas envoyer\b|nicht senden\b|"
    r"[(\[{<%]*(?:no subject|untitled|sans objet|kein betreff|sin asunto|senza oggetto|subject(?: line)?(?: goes)? here|"
    r"(?:your |e-?mail )?subject(?: line)?(?: here)?|betreff(?:zeile)?|asunto|oggetto|new (?:campaign|message)|x{3,}|asdf\w*|"
    r"qwert[yz]\w*)[)\]}>%]*\s*$|"
    r".{1,200}\((?:copy|copie|kopie|copia)(?:\s\d{1,2})?\)\s*$)"
)


@check(Severity.ERROR, passed="The subject is no test's or draft's.")
def subject_left_from_test(facts: Facts) -> Problems:
    """Yield a problem for an empty subject, and one that begins with the mark of a test, a draft or a copy."""
    subject = facts.message.subject
    if subject is None and facts.message.headers is None:
        facts.message.content.get()
        raise NotGiven("the subject is not known (message.subject)")
    subject = subject or ""
    is_empty = not subject.strip()
    if is_empty or re.match(_LEFT, _unanswered(subject), re.IGNORECASE):
        yield Problem.about(
            "Subject",
            "The subject is empty."
            if is_empty
            else f"The subject “{shown(subject)}” is that of a test or a draft.",
            "Write the subject that readers are to see.",
            "Send yourself one last test.",
            location=place_of(facts, next(iter(facts.message.header("Subject")), None)),
            evidence=(Evidence("Subject", shown(subject)),),
        )


def _unanswered(subject: str) -> str:
    """Return a subject without the marks of replies and forwards in front of it."""
    at = 0
    while mark := REPLY.match(subject, at):
        at = mark.end()
    return subject[at:]
