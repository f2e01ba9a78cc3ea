"""Asks checkdmarc about the records of one sender, over the answers of this run.

checkdmarc works on a thread of its own and asks through our resolver, so that only what it alone wants to know is a new
question. It takes long to import, and is imported here alone.
"""

import asyncio
import logging
from collections.abc import Callable
from importlib import metadata
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.facts.dns.answer import Answer, Resolver, Status
from mailaudit.facts.observed import Observed
from mailaudit.facts.sender.names import is_public_suffix


class Judged(Struct, frozen=True):
    """What checkdmarc returned: dictionaries in its own words, with `error` where it refuses a record.

    A part is unknown when one of the look-ups that it needed failed: checkdmarc does not tell that from a broken record.
    """

    program: str
    spf: Observed[dict[str, Any]]
    dmarc: Observed[dict[str, Any]]


async def ask_checkdmarc(mail_from_domain: str, from_domain: str, dns: Resolver) -> Judged:
    """Return checkdmarc's judgement of the SPF of one domain and the DMARC of another; never raises for DNS."""
    loop = asyncio.get_running_loop()
    return await asyncio.to_thread(_judge, mail_from_domain, from_domain, dns, loop)


def _judge(mail_from_domain: str, from_domain: str, dns: Resolver, loop: asyncio.AbstractEventLoop) -> Judged:
    from checkdmarc.dmarc import check_dmarc  # noqa: PLC0415 - heavy, see above
    from checkdmarc.spf import check_spf  # noqa: PLC0415 - heavy, see above

    from mailaudit.facts.dns.dnspython_adapter import (  # noqa: PLC0415 - imports dnspython
        ADAPTER_TIMEOUT,
        AdapterNameserver,
        checkdmarc_caches_cleared,
    )

    def asked(judge: Callable[..., Any], domain: str) -> Observed[dict[str, Any]]:
        listener = _Listener(dns)
        adapter = AdapterNameserver(listener, loop)
        judged = judge(domain, nameservers=[adapter], timeout=ADAPTER_TIMEOUT, retries=0)
        return Observed.unknown(listener.failure) if listener.failure else Observed.known(dict(judged))

    # Its complaints about name servers are told as unknown; unhandled, logging would print them.
    logging.getLogger("checkdmarc").addHandler(logging.NullHandler())
    with checkdmarc_caches_cleared():
        return Judged(
            program=f"checkdmarc {metadata.version('checkdmarc')}",
            spf=asked(check_spf, mail_from_domain),
            dmarc=asked(check_dmarc, from_domain),
        )


class _Listener:
    """Asks our resolver, and remembers the first look-up that failed."""

    def __init__(self, dns: Resolver) -> None:
        self._dns = dns
        self.failure: str | None = None

    async def query(self, name: str, type: str) -> Answer:  # noqa: A002 - the protocol's word
        answer = await self._dns.query(name, type)
        if answer.is_known:
            return answer
        if name.startswith("_dmarc.") and is_public_suffix(name.removeprefix("_dmarc.")):
            # Zone files do not speak for a public suffix; our own walk takes it for empty, too.
            return replace(answer, status=Status.NXDOMAIN)
        self.failure = self.failure or answer.failure
        return answer
