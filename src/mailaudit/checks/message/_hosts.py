"""Hosts that tell something by their name: machines of developers, and services that shorten addresses.

The shorteners are the well-known ones of the lists of SpamAssassin (25_url_shortener.cf) and rspamd (redirectors.inc).
"""

from __future__ import annotations

import re
from ipaddress import ip_address

from mailaudit.facts.sender.names import is_at_or_under, organizational_domain

SHORTENERS = frozenset(
    "bit.ly bitly.com buff.ly cutt.ly dlvr.it goo.gl ht.ly is.gd j.mp lnkd.in ow.ly rb.gy rebrand.ly s.id short.io t.co t.ly "
    "shorturl.at smarturl.it t2m.io tiny.cc tinyurl.com tr.im trib.al tiny.one u.to v.gd x.co yourls.org qr.ae adf.ly bc.vc "
    "bl.ink clck.ru cutt.us gg.gg hyperurl.co kutt.it mcaf.ee po.st qrco.de shorte.st shorturl.asia snip.ly soo.gd tinu.be "
    "urlz.fr url.ie vk.cc vu.fr zpr.io".split()
)
_NAMES = frozenset({"localhost", "localdomain", "example.com", "example.org", "example.net"})
_SUFFIXES = (
    "local test localhost invalid internal lan home.arpa localdomain ngrok.io ngrok-free.app ngrok.app vercel.app loca.lt "
    "netlify.app herokuapp.com gitpod.io webcontainer.io trycloudflare.com repl.co preview.app.github.dev mailtrap.io "
    "wpengine.com cloudwaysapps.com azurewebsites.net example.com example.org example.net"
).split()
_LABELS_OF_ANYBODY = frozenset("staging stage preprod pre-prod preproduction recette uat sandbox".split())
_LABELS_OF_OURS = frozenset("dev test testing qa localhost".split())
_STAGING = re.compile(r"(?:[a-z0-9-]{1,40}-)?(?:staging|preprod|recette)(?:-[a-z0-9-]{1,40})?")


def is_test_host(host: str, own: frozenset[str], from_domain: str) -> bool:
    """Say whether a host is a machine of developers, which readers do not reach or must not see.

    `own` are the sender's registered domains; a label that the From address itself has is no mark of a test.
    """
    if host in _NAMES or any(is_at_or_under(host, suffix) for suffix in _SUFFIXES):
        return not is_at_or_under(host, organizational_domain(from_domain))
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        pass
    else:
        return not address.is_global and not _is_for_documentation(host)
    organization = organizational_domain(host)
    labels = host.removesuffix(organization).rstrip(".").split(".")
    wanted = _LABELS_OF_ANYBODY | (_LABELS_OF_OURS if organization in own else frozenset())
    found = [label for label in labels if label in wanted or _STAGING.fullmatch(label)]
    return any(label not in from_domain.split(".") for label in found)


def is_shortener(host: str) -> bool:
    """Say whether a host shortens addresses for anybody."""
    return host.removeprefix("www.") in SHORTENERS


def _is_for_documentation(host: str) -> bool:
    return host.startswith(("192.0.2.", "198.51.100.", "203.0.113.", "[2001:db8:", "2001:db8:"))
