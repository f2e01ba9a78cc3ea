"""The logo file (BIMI) cannot be shown.

## Why it matters
Mailbox providers show a logo only when its file is an SVG picture in the profile "Tiny PS": without scripts, animation,
embedded pictures or anything that is loaded from elsewhere. A file with any of these is ignored, and the message is shown
without your logo.

The file is fetched only with `--allow-http`.

## How to fix
Export the logo with a tool for BIMI logos (drawing programs write ordinary SVG), and replace the file.

## References
- [SVG Tiny Portable/Secure](https://datatracker.ietf.org/doc/draft-svg-tiny-ps-abrotman/)
- [BIMI Group: how to make a logo file](https://bimigroup.org/creating-bimi-svg-logo-files/)
"""

from mailaudit.checks.rule import Evidence, Facts, NotApplicable, Problem, Problems, Severity, check
from mailaudit.checks.sender._transport import files


@check(Severity.NOTE, passed="The logo file (BIMI) has the form that receivers ask for.", needs=("dns", "network"))
def bimi_logo_invalid(facts: Facts) -> Problems:
    """Yield a problem for a logo that receivers do not show."""
    logo = files(facts).logo.get()
    if logo is None:
        raise NotApplicable("the logo record names no logo")
    if not logo.errors:
        return
    yield Problem.about(
        facts.sender.from_domain,
        f"Receivers may not show the logo of {facts.sender.from_domain}: {logo.errors[0]}.",
        "Export the logo as SVG Tiny PS, square, with a title and nothing loaded from elsewhere.",
        f"Put the file at {logo.url}, so that it is served without a redirect.",
        evidence=(Evidence("logo", logo.url), *(Evidence("in the file", error) for error in logo.errors)),
    )
