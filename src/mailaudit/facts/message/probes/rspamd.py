"""Ask a running rspamd over HTTP (rspamd.com, "Rspamd HTTP API protocol", /checkv2)."""

import json
import math
from collections.abc import Mapping

import httpx

from mailaudit.facts.message.probes.model import FilterRule, FilterVerdict
from mailaudit.facts.observed import Observed

BUDGET = 30.0
MOST_OCTETS = 1024 * 1024
# rspamd's own thresholds where it names none: `greylist` and `add header` (its conf/actions.conf).
SPAM_FROM, DOUBTFUL_FROM = 6.0, 4.0
# What it says because a file has no SMTP session, no sender's address and an age.
_OF_A_FILE = frozenset(
    "HFILTER_HOSTNAME_UNKNOWN HFILTER_HELO_NOT_FQDN RDNS_NONE RDNS_DNSFAIL AUTH_NA AUTH_NA_OR_FAIL DATE_IN_PAST R_SPF_NA "
    "R_SPF_DNSFAIL DMARC_DNSFAIL R_DKIM_TEMPFAIL".split()
)


async def ask_rspamd(url: str, octets: bytes) -> Observed[FilterVerdict]:
    """Return the verdict of the rspamd at a URL; what it scores only because this is a file counts for nothing."""
    try:
        # Redirects are not followed; proxies and credentials of the environment are not used.
        async with (
            httpx.AsyncClient(trust_env=False, timeout=BUDGET) as client,
            client.stream("POST", f"{url.rstrip('/')}/checkv2", content=octets) as response,
        ):
            if response.status_code != httpx.codes.OK:
                return Observed.unknown(f"rspamd at {url} answers {response.status_code}")
            body = b""
            async for piece in response.aiter_raw():
                body += piece
                if len(body) > MOST_OCTETS:
                    return Observed.unknown(f"rspamd at {url} answers without end")
    except (httpx.HTTPError, OSError, ValueError):
        return Observed.unknown(f"rspamd at {url} does not answer")
    return _read(body, url)


def _read(body: bytes, url: str) -> Observed[FilterVerdict]:
    try:
        said = json.loads(body)
        symbols = {str(name): float(one["score"]) for name, one in said["symbols"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Observed.unknown(f"what answers at {url} is no rspamd")
    if said.get("is_skipped") or not symbols or not all(map(math.isfinite, symbols.values())):
        return Observed.unknown(f"rspamd at {url} did not look into the message")
    rules = tuple(FilterRule(name[:80], points) for name, points in symbols.items() if name not in _OF_A_FILE)
    limits = said.get("thresholds")
    points = round(sum(rule.points for rule in rules), 3)
    doubtful, spam = _limit(limits, "greylist", DOUBTFUL_FROM), _limit(limits, "add header", SPAM_FROM)
    return Observed.known(FilterVerdict("rspamd", points, doubtful, spam, rules))


def _limit(limits: object, name: str, otherwise: float) -> float:
    given = limits.get(name) if isinstance(limits, Mapping) else None
    return float(given) if isinstance(given, int | float) and math.isfinite(given) and given > 0 else otherwise
