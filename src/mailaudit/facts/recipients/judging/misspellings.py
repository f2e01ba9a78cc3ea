"""Popular mailbox domains and how people mistype them.

Suggestions are conservative: a wrong one is worse than a missed one. A slip is a known misspelling; one ordinary slip of the
finger (a letter left out, doubled, swapped with its neighbour, hit beside or hit in addition) in a name that is long
enough to have few honest neighbours; or such a slip in the ending that leads to no top-level domain.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from mailaudit.facts.recipients.judging.providers import known_domains
from mailaudit.facts.recipients.judging.top_level import exists, public_suffixes

# Large providers of people's mailboxes by country, the ones whose misspellings are looked for.
POPULAR = tuple(
    # everywhere, and the United States
    "gmail.com googlemail.com hotmail.com outlook.com yahoo.com icloud.com me.com mac.com live.com msn.com "
    "aol.com mail.com protonmail.com proton.me fastmail.com zoho.com gmx.com ymail.com rocketmail.com "
    "hushmail.com tutanota.com yandex.com comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net "
    "charter.net earthlink.net optonline.net juno.com frontier.com windstream.net centurylink.net netzero.net "
    "roadrunner.com mindspring.com embarqmail.com "
    # Canada, Australia, New Zealand, India, South Africa
    "rogers.com shaw.ca sympatico.ca bell.net videotron.ca telus.net yahoo.ca hotmail.ca bigpond.com "
    "bigpond.net.au optusnet.com.au iinet.net.au yahoo.com.au hotmail.com.au outlook.com.au live.com.au "
    "xtra.co.nz rediffmail.com yahoo.co.in yahoo.in mweb.co.za telkomsa.net "
    # United Kingdom, Ireland
    "btinternet.com hotmail.co.uk yahoo.co.uk live.co.uk outlook.co.uk virginmedia.com talktalk.net sky.com "
    "blueyonder.co.uk ntlworld.com btopenworld.com tiscali.co.uk eircom.net "
    # France, Belgium, Switzerland
    "orange.fr wanadoo.fr free.fr sfr.fr laposte.net neuf.fr bbox.fr numericable.fr hotmail.fr yahoo.fr "
    "outlook.fr live.fr aol.fr gmx.fr club-internet.fr aliceadsl.fr cegetel.net voila.fr skynet.be telenet.be "
    "proximus.be hotmail.be bluewin.ch sunrise.ch hispeed.ch bluemail.ch gmx.ch "
    # Germany, Austria
    "web.de gmx.de gmx.net t-online.de freenet.de arcor.de posteo.de mailbox.org hotmail.de yahoo.de "
    "outlook.de live.de aol.de googlemail.de gmx.at aon.at chello.at vodafonemail.de kabelmail.de "
    # Italy, Spain, Portugal, Greece
    "libero.it virgilio.it tiscali.it alice.it fastwebnet.it inwind.it hotmail.it yahoo.it outlook.it live.it "
    "tin.it tim.it email.it telefonica.net hotmail.es yahoo.es outlook.es terra.es movistar.es sapo.pt "
    "otenet.gr "
    # Netherlands, Nordic countries
    "ziggo.nl kpnmail.nl planet.nl hetnet.nl xs4all.nl home.nl casema.nl upcmail.nl hotmail.nl live.nl "
    "chello.nl telia.com bredband.net hotmail.se yahoo.se live.se online.no hotmail.no mail.dk hotmail.dk "
    "live.dk elisanet.fi kolumbus.fi "
    # Poland, Czechia, Slovakia, Hungary, the Baltics, Bulgaria
    "wp.pl onet.pl o2.pl interia.pl gazeta.pl poczta.onet.pl op.pl vp.pl tlen.pl seznam.cz centrum.cz "
    "email.cz post.cz atlas.cz volny.cz azet.sk centrum.sk zoznam.sk freemail.hu citromail.hu t-online.hu "
    "inbox.lv mail.ee abv.bg "
    # Russia, Ukraine, Turkey, Israel
    "mail.ru yandex.ru bk.ru list.ru inbox.ru rambler.ru ya.ru ukr.net i.ua meta.ua mynet.com walla.com "
    "walla.co.il "
    # Korea, China, Japan
    "naver.com daum.net hanmail.net nate.com kakao.com qq.com 163.com 126.com sina.com sohu.com foxmail.com "
    "aliyun.com yeah.net yahoo.co.jp docomo.ne.jp ezweb.ne.jp softbank.ne.jp i.softbank.jp nifty.com "
    "biglobe.ne.jp "
    # Brazil, Mexico, Argentina
    "uol.com.br bol.com.br terra.com.br ig.com.br globo.com yahoo.com.br hotmail.com.br outlook.com.br "
    "yahoo.com.mx hotmail.com.mx prodigy.net.mx yahoo.com.ar hotmail.com.ar fibertel.com.ar".split()
)

# Short names have too many honest neighbours: only these misspellings of theirs are known.
_TABLE = {
    "gmail.com": "gmai.com gmial.com gmal.com gamil.com gmil.com gnail.com gmaill.com gmaul.com gmali.com ggmail.com "
    "mgail.com gmeil.com gmaol.com gmail.con gmail.co gmail.cm gmail.om gmail.comm gmail.cpm gmail.fom "
    "gmailcom.com gmail.de.com gmail.coml gmail.cok gimail.com gemail.com gmail.ocm gmqil.com gmsil.com "
    "hmail.con gmaip.com gmaiil.com gmmail.com gmaail.com gmainl.com gmaik.com gmaio.com gmakl.com gmauil.com "
    "gjail.com gkail.com gmzil.com",
    "hotmail.com": "hotmial.com hotmal.com hotmai.com hotmil.com hotamil.com hotmaill.com hotmaul.com homail.com "
    "hotmail.con hotmail.co hotmail.cm hotmail.om hotmail.comm hptmail.com hotnail.com otmail.com htomail.com "
    "hoitmail.com hormail.com hotrmail.com hottmail.com hotmail.cim hotmqil.com hitmail.com ohtmail.com "
    "jotmail.com",
    "yahoo.com": "yaho.com yahooo.com yhaoo.com yahho.com yaoo.com yhoo.com yahoo.con yahoo.co yahoo.cm yahoo.comm "
    "yahoo.om ayhoo.com yajoo.com yahoo.cim yaahoo.com yyahoo.com yaoho.com yahol.com yagoo.com yahpo.com "
    "yahop.com",
    "outlook.com": "outlok.com outlool.com outloo.com outllok.com oulook.com outlook.con outlook.co outlook.cm "
    "outlook.comm outlookc.om otlook.com ourlook.com outlock.com utlook.com iutlook.com uotlook.com",
    "icloud.com": "iclould.com icoud.com icould.com iclou.com icloud.con icloud.co icloud.cm icoloud.com iclound.com "
    "iclud.com iclod.com iclooud.com iclloud.com icluod.com iclodu.com ilcoud.com ucloud.con",
    "ymail.com": "ymial.com ymali.com ymal.com ymaill.com ymmail.com ymai.com ymaiil.com ymaol.com",
    "live.com": "live.con live.comm live.cm livve.com livee.com",
    "aol.com": "aol.con aol.comm aol.cm aoll.com aool.com",
    "msn.com": "msn.con msn.comm msn.cm mssn.com msnn.com",
    "gmx.de": "gmx.dee gmx.ed gmx.ded gmxx.de",
    "gmx.net": "gmxx.net gmmx.net",
    "web.de": "web.dee web.ed webb.de",
    "wp.pl": "wpp.pl",
    "free.fr": "free.frr free.rf free.ft freee.fr",
    "sfr.fr": "sfr.frr sfr.rf sfr.ft sfrr.fr",
    "orange.fr": "orange.ft orange.rf oragne.fr orang.fr ornage.fr orangr.fr",
    "wanadoo.fr": "wanado.fr wannadoo.fr wanadou.fr wandoo.fr wanadoo.ft",
    "laposte.net": "laposte.ner lapost.net lapsote.net laposte.nett laposte.ent aposte.net",
    "t-online.de": "tonline.de t-onlin.de t-online.ed t-onine.de",
}

# Names that look like a slip and are somebody's own.
REAL = frozenset(
    "gmail.fr gmail.de ymail.com mail.com email.com hotmail.nl hotmail.ch hotmail.se outlook.be yahoo.ca "
    "yahoo.in live.fr gmx.com gmx.net gmx.at gmx.ch fmail.com email.de e-mail.com mymail.com gail.com mail.de "
    "mail.fr hotmail.ca cloud.com orange.com orange.be oranges.fr range.fr orage.fr outlook.at yahoo.at "
    "yahoo.be neuf.be hotel.com freenet.com freenet.fr tonline.com out-look.com hotmail.at hotmail.dk "
    "hotmail.no yahoo.ie yahoo.pl bluewin.com libero.com virgilio.com orangee.fr comcast.com verizon.com "
    "telenet.com skynet.com skynet.net googlemail.de arcor.com gmail.it gmail.es neufs.fr nef.fr neu.fr "
    "bbox.com box.fr libera.it liberi.it proton.com protons.me planets.nl plane.nl frontiers.com fronter.com "
    "roger.com rodgers.com yandex.net yahoo.co planet.com rambler.com mailbox.com mail-box.org sunrise.com "
    "sunrises.ch interior.pl free-mail.hu freemail.com charters.net chartert.net tutanota.de zohoo.com "
    "zohomail.com alices.it voilà.fr telia.net terra.com tera.es terras.es tierra.es online.com onlines.no "
    "oneline.no globe.com globo.net never.com nave.com navar.com kaka.com fastermail.com foxmail.net "
    "atlas.com altas.cz centrum.com center.cz posteo.com mlive.com msdn.com junio.com uk.net nafe.com jcloud.com "
    "coxmail.com gotmail.com mmail.com inet.net.au uymail.com love.com life.com nail.com main.com soho.com sap.pt "
    "y7mail.com tmail.com mail.it mail.cz mai.ru mil.ru nail.ru lit.ru bel.net cell.net hell.net "
    "home.net hope.nl pot.cz host.cz most.cz tree.fr "
    "gmd.de aft.net art.net act.net apt.net cos.net con.net cod.net fox.net box.net sins.com mali.com live.net "
    "line.com dive.com love.de like.com globe.it uno.com.br".split()
)

# The keys around each one, on keyboards that begin with QWERTY.
_NEIGHBOURS = {
    "a": "qwsz", "b": "vghn", "c": "xdfv", "d": "serfcx", "e": "wsdr34", "f": "drtgvc", "g": "ftyhbv", "h": "gyujnb",
    "i": "ujko89", "j": "huikmn", "k": "jiolm", "l": "kop", "m": "njk", "n": "bhjm", "o": "iklp90", "p": "ol0", "q": "wa12",
    "r": "edft45", "s": "awedxz", "t": "rfgy56", "u": "yhji78", "v": "cfgb", "w": "qase23", "x": "zsdc", "y": "tghu67",
    "z": "asx",
}  # fmt: skip
# Endings that are none, and what they mean whatever stands before them.
DEAD_ENDINGS = {
    "com": "con cmo ocm vom xom cpm comm coom c0m cok coml conm comn ckm dom clm co0m cpom vcom ccom",
    "net": "ner nte nett ent nrt nwt neet nnet ney met",
    "org": "ogr rog orgg ofg prg oorg",
}
# From so many letters on, a name has few honest neighbours that a slip leads to: in its first letter, and in others.
_LEAST = {"swapped": (3, 3), "doubled": (2, 2), "added": (5, 3), "left out": (5, 4), "beside": (5, 4)}
_LEAST_BESIDE_IN_NET = 3
# What a slip makes of an ending, and is somebody's own: behind names of so many letters it is a slip.
_ALIVE = {"com": {"co": 5, "cm": 5, "om": 5}, "net": {"ne": 4, "et": 3, "bet": 4}}


@dataclass(frozen=True, slots=True)
class Misspelling:
    """What a misspelt domain means; `is_sure` when nobody can have it: a known slip, or no top-level domain."""

    meant: str
    is_sure: bool


@cache
def misspellings() -> dict[str, Misspelling]:
    """Return what each misspelt domain means."""
    found: dict[str, Misspelling] = {}
    for right in POPULAR:
        name, _, ending = right.partition(".")
        for slip in _in_name(name, ending):
            found.setdefault(f"{slip}.{ending}", Misspelling(right, is_sure=False))
        for slip, is_sure in _in_ending(ending):
            found.setdefault(f"{name}.{slip}", Misspelling(right, is_sure=is_sure))
        for slip, least in _ALIVE.get(ending, {}).items():
            if len(name) >= least:
                found.setdefault(f"{name}.{slip}", Misspelling(right, is_sure=False))
        if "." in ending:  # the dot before it is missing
            found.setdefault(f"{name}{ending}", Misspelling(right, is_sure=False))
    for right, slips in _TABLE.items():
        found.update((slip, Misspelling(right, is_sure=True)) for slip in slips.split())
    right_ones = {*POPULAR, *_TABLE, *REAL, *known_domains()}
    return {slip: meant for slip, meant in found.items() if slip not in right_ones}


def _in_name(name: str, ending: str) -> Iterator[str]:
    """Yield a name with one ordinary slip; the shorter it is, the fewer kinds of slips are looked for."""
    for kind, first, slip in _one_off(name):
        least = _LEAST[kind][not first]
        if kind == "beside" and ending == "net" and not first:
            least = _LEAST_BESIDE_IN_NET
        if len(name) >= least:
            yield slip


def _in_ending(ending: str) -> Iterator[tuple[str, bool]]:
    """Yield an ending with one slip that makes it none, and whether that is sure: there is no such top-level domain."""
    for slip in {slip for _, _, slip in _one_off(ending)}:
        last = slip.rpartition(".")[2]
        if not slip or slip.strip(".") != slip or ".." in slip:
            continue
        if not exists(last):
            yield slip, True
        elif "." in slip and public_suffixes().publicsuffix(f"x.{slip}") != slip:
            yield slip, False


def _one_off(text: str) -> Iterator[tuple[str, bool, str]]:
    """Yield the kind of each slip, whether it is in the first letter, and the text with it."""
    for at, letter in enumerate(text):
        head, tail, first = text[:at], text[at + 1 :], at == 0
        near = _NEIGHBOURS.get(letter, "")
        yield "left out", first, head + tail
        yield "doubled", first, head + letter * 2 + tail
        if tail and tail[0] != letter:
            yield "swapped", first, head + tail[0] + letter + tail[1:]
        for other in {*near, head[-1:], tail[:1]} - {"", letter}:
            yield "beside", first, head + other + tail
        for other in near:
            yield "added", first, head + other + letter + tail
            yield "added", False, head + letter + other + tail
