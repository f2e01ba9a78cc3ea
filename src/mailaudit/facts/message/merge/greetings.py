"""The first words of a letter, in the languages of Europe and some others: what a name stands behind, or is missing."""

# ruff: noqa: RUF001 - words of other languages have their own letters

import re

# Words that no name may be missing after, and words that may stand alone ("Bonjour !", "Hi,").
NEED_A_NAME = (
    r"dear|ch[eè]re?s?|chère?\(e\)|cher\(e\)|lieber?|liebe\(r\)|sehr geehrte[rs]?|geachte|beste|estimad[oa]s?|querid[oa]s?|"
    r"car[oa]|gentile|egregio|prezad[oa]|car[oa]\(a\)|kære|kära|kjære|szanown[ya]|drog[ia]|vážen[ýá]|mil[ýá]|dragă|stimat[eă]|"
    r"hyvä|poštovan[aio]|kedves|tisztelt|αγαπητ(?:[έή]|οί)|уважаем\w{2,3}|дорог(?:ой|ая|ие)|шановн\w{2,3}|sayın|benvolgu(?:t|da)|"
    r"عزيزي|عزيزتي|प्रिय|尊敬的"
)
# What stands behind them where a word is for men and women: querido/a, prezado(a), sehr geehrte/r.
EITHER = r"(?:/-?[a-zà-ÿ]{1,2}|\([a-zà-ÿ]{1,2}\))?"
MAY_STAND_ALONE = (
    r"hello|hi|hey|good (?:morning|afternoon|evening)|welcome|bonjour|bonsoir|salut|coucou|hallo|guten (?:tag|morgen|abend)|"
    r"hola|buen[oa]s (?:d[ií]as|tardes|noches)|ciao|buongiorno|salve|ol[aá]|bom dia|boa tarde|hej|hei|moi|cześć|witaj|ahoj|"
    r"dobrý den|szia|bună|merhaba|здравствуйте?|привет|γεια σ(?:ου|ας)|bienvenue|welcome back|benvenut[oa]|bienvenid[oa]|"
    r"willkommen|thank you|thanks|merci|danke|gracias|grazie|مرحبا|שלום|नमस्ते|안녕하세요|こんにちは"
)
TITLES = (
    r"(?:\s+(?:dear|mr|mrs|ms|miss|mr?\.?/(?:mrs|mme)|dr|prof|herrn?|frau|herrn?/frau|m|mme|mlle|madame|monsieur|mademoiselle|sr|sra|señora?|sig|signora?|panie|pani|"
    r"pane|paní)\.?)?"
)
_GREETING = rf"(?:^|[\s>.!?])(?:{NEED_A_NAME}|{MAY_STAND_ALONE}){EITHER}{TITLES}\s*[,،]?\s*$"
_NOTHING = (
    r"(?:none|None|NONE|[(<\[]?(?:null|NULL|blank|empty)[)>\]]|null|NULL|nil|undefined|NaN|nan|N/A|n/a|#N/A|"
    r"\[object Object\])"
)
# What says nothing in a greeting alone.
_VALUE = rf"(?:{_NOTHING}|\\N|false|0(?![.,:]\d))"
# The name of the field, written out, in place of its value.
_FIELD = (
    r"[<\[(]?(?i:[fl]name|(?:(?:first|last|full|your|customer|contact|client|recipient|subscriber|user)[ _-]?)?name|"
    r"pr[eé]nom|vorname|nachname|nombre|voornaam|имя)[>\])]?"
)
# Compiled when it is first used, for a run without a message needs none.
# Empty values of programs and stops of editors, which end a greeting only before a comma.
_STOPS = r"(?:\{\s?\}|\[\s?\]|\"\"|''|[-.–—?_]{1,3}|[xX]{2,4})"
_GREETED = rf"(?i:{NEED_A_NAME}|{MAY_STAND_ALONE}){EITHER}"
_EMPTY = (
    rf"^[\s*_]*+(?:{_GREETED}{TITLES}\s+(?:{_STOPS}\s*[,،]|{_FIELD}\s*[,!:;،])|"
    rf"(?i:{MAY_STAND_ALONE})(?:(?i:\s+(?:mrs?|ms|dr|prof|m|mme|mlle|herrn?|frau|sra?|sig))\.?\s+,|"
    rf",\s+(?:{_VALUE}|{_FIELD})\s*(?:[,!.:;]|$)|[,،]\s+[,!])|"
    rf"(?i:(?:{NEED_A_NAME}){EITHER}{TITLES})\s+[,!:;،]|(?i:{MAY_STAND_ALONE})\s+[,،]|尊敬的\s*[,:!，：！]|"
    rf"(?i:{NEED_A_NAME}|{MAY_STAND_ALONE}|madame|monsieur)(?i:{EITHER}{TITLES})\s+{_VALUE}\s*(?:[,!.:;]|$)|"
    rf"{_GREETED}\s+[^\W\d_]{{2,14}}\s+{_VALUE}\s*[,!]|(?:様|さま|님)(?:\s|[,、，]|$)|(?:亲爱的|尊敬的)\s*{_VALUE})"
)
# Editors leave these where nobody sees them, also between the letters of a field.
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\xad"))
_LONGEST = 1_000
_EMPTY_SUBJECT = re.compile(rf"^\s*(?:,|{_NOTHING}\s*[,!:])|,\s*{_NOTHING}\s*[,!.?]*\s*$|\w+,\s+[!?]\s*$")
_MARKUP = re.compile(r"<[^<>]*>|&nbsp;|&#160;")


def ends_in_greeting(before: str) -> bool:
    """Say whether the text before a tag ends in a greeting; the tags of HTML are passed over."""
    return re.search(_GREETING, _MARKUP.sub(" ", before)[-60:], re.IGNORECASE) is not None


def empty_greeting(line: str, *, is_subject: bool = False) -> str | None:
    """Return the greeting at the start of a line, or in a subject, in which the name is missing."""
    line = line[:_LONGEST].translate(INVISIBLE)
    match = re.match(_EMPTY, line) or (_EMPTY_SUBJECT.search(line) if is_subject else None)
    return match[0].strip(" *_") if match else None
