"""The first words of a letter, in the languages of Europe: what a name stands behind."""

# ruff: noqa: RUF001 - words of other languages have their own letters

import re

# Words that no name may be missing after, and words that may stand alone ("Bonjour !", "Hi,").
NEED_A_NAME = (
    r"dear|ch[eè]re?s?|chère?\(e\)|cher\(e\)|lieber?|liebe\(r\)|sehr geehrte[rs]?|geachte|beste|estimad[oa]s?|querid[oa]s?|"
    r"car[oa]|gentile|egregio|prezad[oa]|car[oa]\(a\)|kære|kära|kjære|szanown[ya]|drog[ia]|vážen[ýá]|mil[ýá]|dragă|stimat[eă]|"
    r"hyvä|poštovan[aio]|kedves|tisztelt|αγαπητ(?:[έή]|οί)|уважаем\w{2,3}|дорог(?:ой|ая|ие)|шановн\w{2,3}|sayın|benvolgu(?:t|da)"
)
MAY_STAND_ALONE = (
    r"hello|hi|hey|good (?:morning|afternoon|evening)|welcome|bonjour|bonsoir|salut|coucou|hallo|guten (?:tag|morgen|abend)|"
    r"hola|buen[oa]s (?:d[ií]as|tardes|noches)|ciao|buongiorno|salve|ol[aá]|bom dia|boa tarde|hej|hei|moi|cześć|witaj|ahoj|"
    r"dobrý den|szia|bună|merhaba|здравствуйте?|привет|γεια σ(?:ου|ας)|bienvenue|welcome back|benvenut[oa]|bienvenid[oa]|"
    r"willkommen|thank you|thanks|merci|danke|gracias|grazie"
)
TITLES = (
    r"(?:\s+(?:dear|mr|mrs|ms|miss|dr|prof|herrn?|frau|m|mme|mlle|madame|monsieur|mademoiselle|sr|sra|señora?|sig|signora?|panie|pani|"
    r"pane|paní)\.?)?"
)
# Compiled when it is first used, for a run without a message needs none.
_GREETING = rf"(?:^|[\s>.!?])(?:{NEED_A_NAME}|{MAY_STAND_ALONE}){TITLES}\s*,?\s*$"
_MARKUP = re.compile(r"<[^<>]*>|&nbsp;|&#160;")


def ends_in_greeting(before: str) -> bool:
    """Say whether the text before a tag ends in a greeting; the tags of HTML are passed over."""
    return re.search(_GREETING, _MARKUP.sub(" ", before)[-60:], re.IGNORECASE) is not None
