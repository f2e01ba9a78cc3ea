"""A link goes through a public address shortener.

## Why it matters
A shortener hides where the link leads, and spammers use the same host as you: blocklists name it, filters score it, people
do not click it.

## How to fix
Write the whole address. Links in mail may be long; the sending platform counts clicks anyway.

## References
- [SpamAssassin, URL shorteners](https://svn.apache.org/repos/asf/spamassassin/trunk/rules/25_url_shortener.cf)
- [Spamhaus: abused redirectors](https://www.spamhaus.org/faqs/domain-blocklist/)
"""

from mailaudit.checks.message._links import own_organizations, targets
from mailaudit.checks.rule import Evidence, Facts, Magnitude, Problem, Problems, Severity, check
from mailaudit.knowledge.links import is_shortener


@check(Severity.WARNING, passed="No link goes through a public shortener.")
def link_shortened(facts: Facts) -> Problems:
    """Yield a problem for each shortener; one's own short domain is none."""
    own = own_organizations(facts)
    hosts = [one.host for one in targets(facts) if is_shortener(one.host)]
    for host in dict.fromkeys(hosts):
        if host not in own:
            yield Problem.about(
                host,
                f"{hosts.count(host)} {'link goes' if hosts.count(host) == 1 else 'links go'} through {host}, "
                "which hides where it leads.",
                f"Write the whole address instead of the one at {host}.",
                magnitude=Magnitude(hosts.count(host), "links"),
                evidence=(Evidence("shortener", host),),
            )
