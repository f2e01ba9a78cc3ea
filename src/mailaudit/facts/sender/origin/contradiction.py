"""What speaks against the place that the campaign claims: other evidence, or addresses of which none shows it."""

from mailaudit.facts.public_address import as_address
from mailaudit.facts.sender.claims import SenderClaims
from mailaudit.facts.sender.origin.claimed import Claim, Meaning
from mailaudit.facts.sender.origin.evidence import DECISIVE, Clue, Place, Rank
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.platform import Platform

# What shows whose an address is; the first of these may be outweighed by the name that a customer gives to it.
_OF_THE_ADDRESS = frozenset({Rank.AUTHORIZED, Rank.REVERSE_CONFIRMED, Rank.RANGE})
_OWN = frozenset({Rank.OWN_NAME, Rank.GREETING})
# RFC 6761, RFC 6762, RFC 8375 and what ICANN keeps for private use.
_WITHIN = (".localhost", ".local", ".home.arpa", ".internal", ".lan")


def contradiction(claim: Claim, claims: SenderClaims, clues: tuple[Clue, ...]) -> Clue | None:
    """Return the evidence that speaks against a claim, the strongest."""
    counted = tuple(
        clue for clue in clues if clue.shows and not _is_of_a_rented_address(clue, claim.platform, claims, clues)
    )
    if counted and claim.is_contradicted_by(counted[0]):
        return counted[0]
    if claim.meaning is not Meaning.PLATFORM or claim.platform is None:
        return None
    fitting = [clue for clue in counted if claim.fits(clue)]
    return _handed_elsewhere(claim.platform, claims, clues, fitting)


def outweighed(platform: Platform | None, claims: SenderClaims, clues: tuple[Clue, ...]) -> Clue | None:
    """Return the strongest sign of another place beside a platform that stronger evidence shows.

    It is a server of the sender's own, or one that takes the mail and is none of the platform.
    """
    # A program of one's own that hands its mail to a platform greets it with a name of one's own.
    is_handed = any(clue.rank is Rank.SUBMISSION and clue.place is Place.PLATFORM and clue.shows for clue in clues)
    ranks = _OWN - {Rank.GREETING} if is_handed else _OWN
    signs = (clue for clue in clues if clue.rank in ranks and clue.place is Place.OWN_SERVER and clue.shows)
    own = next((one for one in signs if not _is_of_a_rented_address(one, platform, claims, clues)), None)
    return own or (_taken_elsewhere(platform, claims, clues) if platform else None)


def _taken_elsewhere(platform: Platform, claims: SenderClaims, clues: tuple[Clue, ...]) -> Clue | None:
    """Return the foreign server that takes the mail; a key that is delegated proves less than a sample how it goes on."""
    host = claims.submission_host or ""
    is_within = "." not in host or host.endswith(_WITHIN) or as_address(host) is not None
    sampled = [clue for clue in clues if clue.rank is Rank.SAMPLE and clue.shows and clue.fits(platform)]
    found = None if is_within else _handed_elsewhere(platform, claims, clues, sampled)
    return found if found and found.place is not Place.OWN_SERVER else None


def _is_of_a_rented_address(
    clue: Clue, platform: Platform | None, claims: SenderClaims, clues: tuple[Clue, ...]
) -> bool:
    """Say whether an own name belongs to an address that is the platform's: platforms rent such addresses out."""
    if clue.rank not in _OWN:
        return False
    theirs = _addresses_of(platform, clues)
    if clue.rank is Rank.GREETING:
        return bool(theirs) and theirs >= {str(ip) for ip in claims.ips}
    return clue.address in theirs


def _addresses_of(platform: Platform | None, clues: tuple[Clue, ...]) -> set[str | None]:
    return {
        clue.address
        for clue in clues
        if clue.rank in _OF_THE_ADDRESS and (clue.shows or clue.rank is Rank.RANGE) and clue.fits(platform)
    }


def _handed_elsewhere(
    platform: Platform, claims: SenderClaims, clues: tuple[Clue, ...], fitting: list[Clue]
) -> Clue | None:
    """Return the server to which the campaign hands its mail, when that is none of the platform that it claims.

    Records that are prepared at a platform prove nothing of this campaign: they stay when it leaves from elsewhere.
    """
    host = claims.submission_host
    # A guess of the platform's own server speaks for it too.
    is_theirs = any(clue.rank is Rank.SUBMISSION and clue.fits(platform) for clue in clues)
    if host is None or fitting or is_theirs:
        return None
    shown = next((clue for clue in clues if clue.place in DECISIVE and clue.rank is Rank.SUBMISSION), None)
    if shown is not None or platform.id in host.replace("-", ""):
        return shown
    text = f"mail is handed to {host}, which is no server known of {platform.name}"
    return Clue(Rank.SUBMISSION, Place.UNKNOWN, text, host, Confidence.LOW)


def stranger(claim: Claim, claims: SenderClaims, clues: tuple[Clue, ...]) -> Clue | None:
    """Return an address of the campaign that nothing shows to be the claimed platform's.

    An address does not matter where the mail itself, its key or the server that takes it shows the platform.
    """
    if claim.meaning is not Meaning.PLATFORM:
        return None
    if any(clue.shows and claim.fits(clue) and clue.rank not in _OF_THE_ADDRESS for clue in clues):
        return None
    theirs = _addresses_of(claim.platform, clues)
    ip = next((str(ip) for ip in claims.ips if str(ip) not in theirs), None)
    text = f"nothing shows that {ip} is an address of {claim.name}"
    return Clue(Rank.SAID, Place.UNKNOWN, text, ip, Confidence.LOW, address=ip) if ip else None
