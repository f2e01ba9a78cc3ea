"""Everything that was looked at of the place of departure, before anything is concluded."""

from msgspec import Struct

from mailaudit.facts.dns.answer import Answer
from mailaudit.facts.observed import Observed
from mailaudit.facts.sender.claims import SenderClaims
from mailaudit.facts.sender.dkim.observe import DkimFacts
from mailaudit.facts.sender.dkim.verify import SignatureResult, SignedSample
from mailaudit.facts.sender.mail_servers.mx import MailExchange
from mailaudit.facts.sender.mail_servers.smtp_session import SmtpSession
from mailaudit.facts.sender.names import organizational_domain
from mailaudit.facts.sender.origin.addresses import HeloName, SendingAddress
from mailaudit.facts.sender.origin.asked_for import AskedFor
from mailaudit.facts.sender.origin.clues.claimed_pool import ClaimedPool
from mailaudit.facts.sender.origin.clues.from_message import MessageTraces
from mailaudit.facts.sender.origin.clues.published_for_services import Published
from mailaudit.facts.sender.origin.own_names import OwnNames
from mailaudit.facts.sender.reputation.blocklists import StandingFacts
from mailaudit.facts.sender.spf.model import SpfFacts


class WebHost(Struct, frozen=True):
    """One name of the sender's web site with its addresses."""

    name: str
    answers: tuple[Answer, ...]


class Surroundings(Struct, frozen=True):
    """What is observed beside SPF, DKIM and DMARC; `session` raises `Unavailable` when there was none.

    `smtp` is the answer for the server to which mail is handed, `zones` those for the name servers of the sub-domains that
    the campaign uses.
    """

    addresses: tuple[SendingAddress, ...]
    helo: HeloName | None
    web_site: tuple[WebHost, ...]
    smtp: Answer | None
    session: Observed[SmtpSession]
    prepared: Published
    message: MessageTraces
    standing: StandingFacts
    asked_for: tuple[AskedFor, ...]
    claimed_pool: ClaimedPool
    zones: tuple[Answer, ...]


class Seen(Struct, frozen=True):
    """What is `around` the sender, and what the other observations found as far as it tells where the mail leaves from.

    `own` are the sender's names that lead to the sending addresses.
    """

    claims: SenderClaims
    own_domain: str
    around: Surroundings
    spf: SpfFacts
    dkim: tuple[DkimFacts, ...]
    exchanges: tuple[MailExchange, ...]
    own: OwnNames
    sample: SignedSample | None

    @property
    def incoming(self) -> MailExchange | None:
        """Where mail to the From domain goes."""
        return self._exchange(self.claims.from_domain)

    @property
    def bounces(self) -> MailExchange | None:
        """Where mail to the MAIL FROM domain goes."""
        return self._exchange(self.claims.mail_from_domain)

    def _exchange(self, domain: str) -> MailExchange | None:
        return next((one for one in self.exchanges if one.domain == domain), None)

    @property
    def proven(self) -> frozenset[str]:
        """The names of the keys with which a signature of the sample holds, unless it is somebody else's."""
        checked = self.sample.signatures if self.sample and not self.around.message.is_foreign else ()
        return frozenset(str(one) for one in checked if one.result is SignatureResult.PASS)

    @property
    def receivers(self) -> frozenset[str]:
        """The organizations, other than the sender's, that take mail for the From domain."""
        hosts = self.incoming.hosts if self.incoming else ()
        return frozenset(organizational_domain(host.name) for host in hosts) - {self.own_domain}
