"""The words by which people leave a list, in the languages of Europe and the large ones of Asia."""

# ruff: noqa: RUF001 - words of other languages have their own letters

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from typing import TypeVar

from mailaudit.facts.message.html.page import Link, Page
from mailaudit.facts.message.model import Content

T = TypeVar("T")

# Each begins with a letter, so that one pass over the text finds them all.
WORDS = {
    "en": "unsubscri|un-subscri|\\(un\\)subscri|rather not (?:receive|get|be sent)|subscription changes?|"
    "opt[ -]?out|opting out|sign[ -]?off from|"
    "leave (?:this|our|the|my|these) (?:mailing ?)?list|remove (?:me|yourself|my (?:e-?mail|address))|"
    "removed? from (?:this|our|the|my|these|all) |stop receiving|stop getting|stop these|"
    "longer (?:wish|want) |longer (?:receive|get)|longer be (?:sent|contacted)|not (?:wish|want) to (?:receive|get|be sent)|"
    "n[o']t want (?:these|this|any more)|"
    "manage (?:your |my )?{thing}|change (?:your |my )?{thing}|update (?:your |my )?{thing}|edit (?:your |my )?{thing}|"
    "modify (?:your |my )?{thing}|cancel (?:your |my |this )?{thing}|adjust (?:your |my )?{thing}|"
    "subscription (?:preferences?|settings|cent(?:er|re)|options)|e-?mail (?:preferences?|settings)|"
    "communication preferences|mailing preferences|notification (?:preferences?|settings)",
    "fr": "d[ée]sabonn|d[ée]sinscri|plus (?:souhaiter? )?recevoir|souhaitez plus|r[ée]silier (?:votre|mon)|me retirer de|"
    "quitter (?:la|cette|notre) liste|supprimer (?:mon|votre) (?:adresse|e-?mail)|ne plus vous (?:lire|suivre)|"
    "g[ée]rer (?:vos|mes|votre|mon) (?:abonnement|pr[ée]f[ée]rence|inscription|courriel|e-?mail)",
    "de": "abmeld|abbestell|melden sie sich .{0,40}\\bab\\b|austragen|"
    "nicht (?:mehr|länger) (?:erhalten|bekommen|zugesandt)|"
    "keine (?:weiteren )?(?:e-?mails|newsletter|nachrichten)|newsletter[ -]?einstellungen|abo(?:nnement)? kündigen",
    "es": "darse? de baja|darme de baja|d[eé]se de baja|date de baja|cancelar? (?:la |tu |su |mi )?suscripci|"
    "anular? (?:la |tu |su )?suscripci|desuscri|dejar de recibir|no (?:deseas?|quieres?) (?:seguir )?(?:recib|más)",
    "it": "disiscri|cancella\\w* (?:l['’]|dall['’]|la tua |la mia )?(?:iscrizione|sottoscrizione|newsletter)|"
    "cancellarti|annulla\\w* (?:l['’]|la tua )?iscrizione|non (?:desider\\w+|vuoi|vuole) (?:più )?ricevere|"
    "gestisci (?:le )?(?:tue )?pref",
    "pt": "cancelar (?:a |sua |tua |minha )*(?:subscri|inscri|assinatura)|descadast|"
    "anular (?:a )?(?:sua )?(?:subscri|inscri)|"
    "deixar de receber|não (?:deseja|quer|quiser|pretend\\w+) (?:mais )?receber|remover (?:o |meu |seu )*e-?mail",
    "nl": "uitschrij|afmeld|schrijf (?:je|u|jezelf) .{0,30}\\buit\\b|"
    "niet (?:langer|meer) ontvang|geen (?:mails|nieuwsbrief)|"
    "opzeggen|voorkeuren",
    "da sv no": "frameld|afregistr|afmeld|meld (?:deg|dig) (?:av|fra|af)|avmeld|avslutt|avregistr|avprenum|avsluta|avanmäl",
    "fi": "peruuta|poistu (?:postitus)?lista|lopeta tila|peru (?:tilau|uutis)|tilauksen perum",
    "pl cs sk": "wypis|zrezygn|rezygn|anuluj|odhlás|odhlas|zrušit odb|zrušiť odb",
    "hu ro": "leiratkoz|lemondás|dezabon|retrage",
    "hr sl lt lv et": "odjav|otkaž|atsisak|atrakst|atteik|loobu",
    "bg ru uk el": "отпис|отпиш|отказаться|відпис|відмов|διαγραφ|απεγγραφ|κατάργησ",
    "tr id vi th hi": "aboneli[kğ]|listeden çık|üyelik\\w* (?:iptal|çık)|berhenti|hủy đăng|ยกเลิก|सदस्यता",
    "ja zh ko": "配信停止|配信解除|購読解除|登録解除|退会|退订|退訂|取消订阅|取消訂閱|수신 ?거부|구독 ?(?:취소|해지)",
    "ar he ca is eu": "segja upp|afskrá|eman baja|إلغاء|الغاء|הסר|להסרה|ביטול|cancel·lar|donar(?:-se|-te|se)? de baixa",
}
_THING = (
    "(?:e-?mail |newsletter |mailing |mail |communication |notification |subscriber |contact )?"
    "(?:list )?(?:subscriptions?|preferences?|settings|options|information|profile|notifications)"
)
_LONGEST_LINE = 1_500
_WEB = re.compile(r"https?://[^\s<>\"]+")
# Characters between the words and the address: a sentence or two.
_FAR, _NEAR = 400, 160
_MOST_SAYINGS = 200
_MOST_LINKS, _MOST_CHARACTERS = 10_000, 400_000
_END_OF_SENTENCE = re.compile(r"[.!?|·•]\s")
_TARGETS = re.compile(
    r"unsub|opt[\-_]?out|d[ée]sabo|d[ée]sinscr|abmeld|abbestel|disiscri|descadas|uitschrij|afmeld|wypis|odhla|sign[\-_]?off|"
    r"/listinfo/|preferenc|manage[\-_]?subscri|/leave|(?:^|[/?&=_\-])baja(?:$|[/?&=_\-])",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"https?://|www\.|[^\s@]@[^\s@]|\b(?:reply|respond|répon|antwort|responde|rispond)", re.IGNORECASE
)


def way_out(page: Page, words: str | None) -> Link | None:
    """Return the first link by which people leave the list: by its text, its target, or the sentence around it.

    With `words`, those of the campaign file, only they count.
    """
    saying = _Saying(page.lines, words)
    return next((link for link in _ends(page.links, _MOST_LINKS) if _leads_out(saying, link, words)), None)


def way_out_address(content: Content, words: str | None) -> str | None:
    """Return the address by which people leave: that of a link, or in plain text, folded, the one beside the words."""
    for page in content.pages:
        link = way_out(page, words)
        if link is not None:
            return link.target
    found = (
        _WEB.findall(after)[:1] or _WEB.findall(before)[-1:]
        for before, after in _around(content.text or "", words)
    )
    return next((addresses[0] for addresses in found if addresses), None)


def way_out_of_text(text: str, words: str | None) -> bool:
    """Say whether a plain text names a way out, with an address near it."""
    return any(_ADDRESS.search(before + after) for before, after in _around(text, words))


def way_out_in_words(page: Page, words: str | None) -> bool:
    """Say whether a sentence of a page names a way out and an address, of which mail programs make a link."""
    around = _around("\n".join(page.lines), words)
    return any(_ADDRESS.search(_END_OF_SENTENCE.split(after, maxsplit=1)[0]) for _, after in around)


def _around(text: str, words: str | None) -> Iterator[tuple[str, str]]:
    """Yield what stands before and after each saying, on folded lines."""
    folded = "".join(_ends(" ".join(text.casefold().split()), _MOST_CHARACTERS))
    wanted = _any_words() if words is None else re.compile(re.escape(" ".join(words.casefold().split())))
    for one in islice(wanted.finditer(folded), _MOST_SAYINGS):
        yield folded[max(0, one.start() - _NEAR) : one.start()], folded[one.end() : one.end() + _FAR]


def _ends(found: Sequence[T], most: int) -> Sequence[T]:
    """Return all, or what stands at the beginning and at the end, where ways out are."""
    return found if len(found) <= most else [*found[: most // 2], *found[-most // 2 :]]


def says_the_way_out(text: str) -> bool:
    """Say whether a text or an address is one by which people leave a list."""
    return _says(text[:_LONGEST_LINE], None) or names_a_way_out(text[:_LONGEST_LINE])


def names_a_way_out(text: str) -> bool:
    """Say whether a piece of merge syntax is that of an unsubscribe address."""
    return _TARGETS.search(text) is not None


class _Saying:
    """The lines that speak of leaving; each is looked at once, and a page in one line is no sentence."""

    def __init__(self, lines: tuple[str, ...], words: str | None) -> None:
        self._lines = lines
        self._words = words
        self._known: dict[int, bool] = {}

    def at(self, place: int) -> bool:
        """Say whether the line speaks of leaving."""
        if place not in self._known:
            is_there = 0 <= place < len(self._lines) and len(self._lines[place]) <= _LONGEST_LINE
            self._known[place] = is_there and _says(self._lines[place], self._words)
        return self._known[place]


def _leads_out(saying: _Saying, link: Link, words: str | None) -> bool:
    if link.target in {"", "#"} or link.is_hidden:
        return False
    if _says(link.text[:_LONGEST_LINE], words) or (words is None and _TARGETS.search(link.target[:_LONGEST_LINE])):
        return True
    # "To leave the list," may stand in the block before "click here".
    return saying.at(link.line) or saying.at(link.line - 1)


def _says(text: str, words: str | None) -> bool:
    if words is not None:
        return "".join(words.casefold().split()) in "".join(text.casefold().split())
    return _any_words().search(" ".join(text.casefold().split())) is not None


@cache
def _any_words() -> re.Pattern[str]:
    # Compiled when a message is there: the words of so many languages take long.
    return re.compile("|".join(WORDS.values()).replace("{thing}", _THING))
