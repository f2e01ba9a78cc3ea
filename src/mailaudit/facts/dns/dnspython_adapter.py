"""Let code that wants dnspython ask through our resolver: `nameservers=[adapter]`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import dns.exception
import dns.message
import dns.name
import dns.nameserver
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype

from mailaudit.facts.dns.answer import Answer, Resolver, Status
from mailaudit.facts.dns.names import labels_of, name_of, text_of_name

ADAPTER_TIMEOUT = 0.2
"""The time-out in seconds to give to dnspython's resolver: ours keeps its own, and does not look at this one.

A question that timed out then ends as dnspython's `LifetimeTimeout` without being put again for seconds.
"""
_RCODES = {
    Status.ANSWER: dns.rcode.NOERROR,
    Status.NODATA: dns.rcode.NOERROR,
    Status.NXDOMAIN: dns.rcode.NXDOMAIN,
    Status.SERVFAIL: dns.rcode.SERVFAIL,
    Status.REFUSED: dns.rcode.REFUSED,
}


class AdapterNameserver(dns.nameserver.Nameserver):
    """A dnspython name server that is in truth our resolver, asked on its event loop from worker threads.

    `servfail` and `refused` become dnspython's `NoNameservers`, `timeout` its `LifetimeTimeout`.
    """

    def __init__(self, resolver: Resolver, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._resolver = resolver
        self._loop = loop

    def __str__(self) -> str:
        """Return the name shown in dnspython's errors."""
        return "mailaudit"

    def kind(self) -> str:
        """Return the kind of transport."""
        return "mailaudit"

    def is_always_max_size(self) -> bool:
        """Return that no answer is ever truncated."""
        return True

    def answer_nameserver(self) -> str:
        """Return the name shown in dnspython's answers."""
        return "mailaudit"

    def answer_port(self) -> int:
        """Return no port."""
        return 0

    def query(  # noqa: PLR0917 - the signature of dnspython
        self,
        request: dns.message.QueryMessage,
        timeout: float,  # noqa: ARG002 - our resolver keeps its own
        source: str | None,  # noqa: ARG002 - the signature of dnspython
        source_port: int,  # noqa: ARG002 - the same
        max_size: bool,  # noqa: ARG002, FBT001 - the same
        one_rr_per_rrset: bool = False,  # noqa: ARG002, FBT001, FBT002 - the same
        ignore_trailing: bool = False,  # noqa: ARG002, FBT001, FBT002 - the same
    ) -> dns.message.Message:
        """Return the response; must not be called on the event loop's own thread."""
        if _running_loop() is self._loop:
            raise RuntimeError("the adapter would wait for its own event loop; call it from a worker thread")
        return asyncio.run_coroutine_threadsafe(self._respond(request), self._loop).result()

    async def _respond(self, request: dns.message.QueryMessage) -> dns.message.Message:
        question = request.question[0]
        answer = await self._resolver.query(text_of_name(question.name), dns.rdatatype.to_text(question.rdtype))
        return _response(request, answer)


@contextmanager
def checkdmarc_caches_cleared() -> Iterator[None]:
    """Run checkdmarc with empty caches, and leave them empty.

    They belong to the process, not to a run: an answer from one audit would leak into the next.
    """
    _clear_checkdmarc()
    try:
        yield
    finally:
        _clear_checkdmarc()


def _clear_checkdmarc() -> None:
    for module_name, module in list(sys.modules.items()):
        if module_name.partition(".")[0] == "checkdmarc":
            for name, value in list(vars(module).items()):
                if type(value).__name__ == "ExpiringDict" and name.isupper():
                    value.clear()


def _response(request: dns.message.QueryMessage, answer: Answer) -> dns.message.Message:
    if answer.status is Status.TIMEOUT:
        raise dns.exception.Timeout(timeout=0)  # type: ignore[no-untyped-call]
    response = dns.message.make_response(request)
    response.set_rcode(_RCODES[answer.status])
    owner = request.question[0].name
    ttl = answer.ttl or 0
    for target in answer.cname_chain:
        end = name_of(labels_of(target))
        _add(response, owner, ttl, dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.CNAME, end.to_text()))
        owner = end
    for record in answer.records:
        _add(response, owner, ttl, record)
    return response


def _add(response: dns.message.Message, owner: dns.name.Name, ttl: int, record: dns.rdata.Rdata) -> None:
    rrset = response.find_rrset(response.answer, owner, record.rdclass, record.rdtype, create=True)
    rrset.add(record, ttl)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
