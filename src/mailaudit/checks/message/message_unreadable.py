"""The message cannot be read.

## Why it matters
Mailboxes guess what a damaged message means, each in its own way: some show the source, some nothing, and filters take the
damage for the mark of a virus. What could not be read here was not checked either, and so nothing of it is passed.

## How to fix
Save the message as `.eml` from a mailbox that received it, and name that file. When it is damaged there as well, the
sending program builds it wrongly: the boundary between parts must stand in the Content-Type field and before every part.

## References
- [RFC 2046, section 5.1](https://www.rfc-editor.org/rfc/rfc2046#section-5.1): parts and the boundary between them
- [RFC 5322, section 2](https://www.rfc-editor.org/rfc/rfc5322#section-2): header and body
"""

from mailaudit.checks.rule import Facts, Problems, Severity, check


@check(Severity.ERROR, passed="The message could be read.")
def message_unreadable(facts: Facts) -> Problems:
    """Raise the reason why the message could not be read: it is unverified, and no finding."""
    facts.message.content.get()
    yield from ()
