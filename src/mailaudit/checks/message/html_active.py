"""The HTML holds what mailboxes strip.

## Why it matters
Scripts, frames, forms and redirects do not work in mail: mailboxes remove them, and filters take them for an attack. What
rests on them is not there for readers.

## How to fix
Link to a web page that does what the script, the form or the frame was to do.

## References
- [SpamAssassin, HTML rules](https://cwiki.apache.org/confluence/display/SPAMASSASSIN/TestsPerformed)
- [Can I email: form, iframe, script](https://www.caniemail.com)
"""

from mailaudit.checks.message._message import content_of
from mailaudit.checks.rule import Evidence, Facts, Problem, Problems, Severity, check


@check(Severity.WARNING, passed="The HTML holds nothing that mailboxes strip.")
def html_active(facts: Facts) -> Problems:
    """Yield one problem for scripts, frames, forms and redirects; a part for AMP may hold them."""
    found = sorted({name for page in content_of(facts).pages for name in page.active})
    if found:
        yield Problem.about(
            facts.message.path,
            f"Mailboxes strip {', '.join(found)} from the HTML, and filters distrust it.",
            f"Remove {', '.join(found)} from the HTML, and link to a web page that does the same.",
            evidence=tuple(Evidence("element", name) for name in found),
        )
