"""A linked picture has no alternative text.

## Why it matters
Until pictures are shown, and for people who cannot see them, the alternative text is all that says where the link leads.

## How to fix
Write `alt="…"` with what the link does. A picture that only decorates has `alt=""`.

## References
- [WCAG 2.2, 1.1.1](https://www.w3.org/TR/WCAG22/#non-text-content)
- [HTML, images that are
  links](https://html.spec.whatwg.org/multipage/images.html#a-link-or-button-containing-nothing-but-the-image)
"""

from mailaudit.checks.message._message import content_of, target_shown
from mailaudit.checks.rule import Evidence, Facts, Magnitude, Problem, Problems, Severity, check


@check(Severity.NOTE, passed="Every linked picture has an alternative text.")
def image_without_alt(facts: Facts) -> Problems:
    """Yield one problem for the linked pictures without an alt attribute."""
    pictures = (picture for page in content_of(facts).pages for picture in page.pictures)
    found = [picture for picture in pictures if picture.is_linked and picture.alt is None]
    if found:
        yield Problem.about(
            facts.message.path,
            f"{len(found)} linked {'picture has' if len(found) == 1 else 'pictures have'} no alternative text.",
            'Write alt="…" with what the link does.',
            magnitude=Magnitude(len(found), "pictures"),
            evidence=tuple(Evidence("picture", target_shown(picture.source)) for picture in found[:10]),
        )
