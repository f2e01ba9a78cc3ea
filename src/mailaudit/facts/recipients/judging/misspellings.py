"""Popular mailbox domains and how people mistype them.

Suggestions are conservative: a wrong one is worse than a missed one. A slip is a known misspelling, or one letter
left out, doubled, swapped with its neighbour or hit beside (never the first one), or a mistyped ending.
"""

from __future__ import annotations

from functools import cache

# Domains whose misspellings are looked for; the name before the first dot has at least five letters.
_POPULAR = (
    "gmail.com", "googlemail.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com", "protonmail.com",
    "hotmail.fr", "hotmail.de", "hotmail.it", "hotmail.es", "hotmail.co.uk", "hotmail.be", "outlook.fr", "outlook.de",
    "outlook.es", "outlook.it", "yahoo.fr", "yahoo.de", "yahoo.it", "yahoo.es", "yahoo.co.uk", "yahoo.com.br",
    "orange.fr", "wanadoo.fr", "laposte.net", "neuf.fr", "bbox.fr", "numericable.fr", "t-online.de", "freenet.de",
    "arcor.de", "libero.it", "virgilio.it", "tiscali.it", "telefonica.net", "comcast.net", "verizon.net",
    "sbcglobal.net", "bellsouth.net", "btinternet.com", "rocketmail.com", "bluewin.ch", "skynet.be", "telenet.be",
)  # fmt: skip

# Short names have too many honest neighbours: only these misspellings of theirs are known.
_TABLE = {
    "gmail.com": "gmai.com gmial.com gmal.com gamil.com gmil.com gnail.com gmaill.com gmaul.com gmali.com ggmail.com "
    "mgail.com gmeil.com gmaol.com gmail.con gmail.co gmail.cm gmail.om gmail.comm gmail.cpm gmail.fom gmailcom.com "
    "gmail.de.com gmail.coml gmail.cok gimail.com gemail.com gmail.ocm gmqil.com gmsil.com hmail.con gmaip.com",
    "hotmail.com": "hotmial.com hotmal.com hotmai.com hotmil.com hotamil.com hotmaill.com hotmaul.com homail.com "
    "hotmail.con hotmail.co hotmail.cm hotmail.om hotmail.comm hptmail.com hotnail.com otmail.com htomail.com "
    "hoitmail.com hormail.com hotrmail.com hottmail.com hotmail.cim hotmqil.com",
    "yahoo.com": "yaho.com yahooo.com yhaoo.com yahho.com yaoo.com yhoo.com yahoo.con yahoo.co yahoo.cm yahoo.comm "
    "yahoo.om ayhoo.com yajoo.com yahoo.cim",
    "outlook.com": "outlok.com outlool.com outloo.com outllok.com oulook.com outlook.con outlook.co outlook.cm "
    "outlook.comm outlookc.om otlook.com ourlook.com outlock.com",
    "icloud.com": "iclould.com icoud.com icould.com iclou.com icloud.con icloud.co icloud.cm icoloud.com iclound.com",
    "live.com": "live.con live.comm live.cm",
    "aol.com": "aol.con aol.comm aol.cm",
    "msn.com": "msn.con msn.comm msn.cm",
    "gmx.de": "gmx.dee gmx.ed gmx.ded",
    "web.de": "web.dee web.ed",
    "free.fr": "free.frr free.rf free.ft",
    "sfr.fr": "sfr.frr sfr.rf sfr.ft",
    "orange.fr": "orange.ft orange.rf oragne.fr orang.fr ornage.fr orangr.fr",
    "wanadoo.fr": "wanado.fr wannadoo.fr wanadou.fr wandoo.fr wanadoo.ft",
    "laposte.net": "laposte.ner lapost.net lapsote.net laposte.nett laposte.ent",
    "t-online.de": "tonline.de t-onlin.de t-online.ed t-onine.de",
}

# Names that look like a slip and are somebody's own.
REAL = frozenset(
    "gmail.fr gmail.de ymail.com mail.com email.com hotmail.nl hotmail.ch hotmail.se outlook.be yahoo.ca yahoo.in live.fr "
    "gmx.com gmx.net gmx.at gmx.ch fmail.com email.de e-mail.com mymail.com gail.com mail.de mail.fr hotmail.ca "
    "cloud.com orange.com orange.be oranges.fr range.fr orage.fr outlook.at yahoo.at yahoo.be neuf.be hotel.com freenet.com "
    "freenet.fr tonline.com out-look.com hotmail.at hotmail.dk hotmail.no yahoo.ie yahoo.pl bluewin.com libero.com "
    "virgilio.com orangee.fr comcast.com verizon.com telenet.com skynet.com skynet.net googlemail.de arcor.com "
    "gmail.it gmail.es neufs.fr nef.fr neu.fr bbox.com box.fr libera.it liberi.it".split()
)

_NEIGHBOURS = {
    "a": "qszw", "b": "vnhg", "c": "xvdf", "d": "sfec", "e": "wrds", "f": "dgrc", "g": "fhtv", "h": "gjyb", "i": "uokj",
    "j": "hkun", "k": "jlim", "l": "kopm", "m": "nkl", "n": "bmjh", "o": "iplk", "p": "ol", "q": "wa", "r": "etdf",
    "s": "adwx", "t": "rygf", "u": "yijh", "v": "cbgf", "w": "qeas", "x": "zcsd", "y": "tuhg", "z": "xas",
}  # fmt: skip
_ENDINGS = {
    ".com": (
        ".con",
        ".cmo",
        ".ocm",
        ".vom",
        ".xom",
        ".cpm",
        ".comm",
        ".coom",
        ".om",
        ".c0m",
        ".cim",
        ".cok",
        ".coml",
    ),
    ".net": (".ner", ".nett", ".ent", ".nte", ".bet"),
    ".fr": (".ft", ".rf", ".ffr", ".frr"),
    ".de": (".dee", ".ed", ".d"),
    ".it": (".itt", ".ti"),
    ".es": (".ess", ".se.es"),
}
_MIN_NAME = 5


@cache
def misspellings() -> dict[str, tuple[str, bool]]:
    """Return for each misspelling the domain that was meant, and whether it stands in the table of known slips."""
    found: dict[str, tuple[str, bool]] = {}
    for right in _POPULAR:
        for slip in _slips(right):
            found.setdefault(slip, (right, False))
    for right, slips in _TABLE.items():
        found.update((slip, (right, True)) for slip in slips.split())
    right_ones = {*_POPULAR, *_TABLE, *REAL}
    return {slip: meant for slip, meant in found.items() if slip not in right_ones}


def _slips(domain: str) -> set[str]:
    name, dot, rest = domain.partition(".")
    ending = dot + rest
    slips = {name + wrong for right, all_wrong in _ENDINGS.items() if ending == right for wrong in all_wrong}
    if len(name) < _MIN_NAME:
        return slips
    return slips | {slip + ending for slip in _one_off(name) if slip != name}


def _one_off(name: str) -> set[str]:
    """Return the name with one ordinary slip of the finger; the first letter stays."""
    slips: set[str] = set()
    for at in range(1, len(name)):
        head, letter, tail = name[:at], name[at], name[at + 1 :]
        slips.add(head + tail)
        slips.add(head + letter * 2 + tail)
        slips.update(head + near + tail for near in (*_NEIGHBOURS.get(letter, ""), head[-1], *tail[:1]))
        if tail:
            slips.add(head + tail[0] + letter + tail[1:])
    return slips
