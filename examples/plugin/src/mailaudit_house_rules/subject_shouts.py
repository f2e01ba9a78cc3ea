"""The subject is written in capitals.

## Why it matters
A subject in capitals reads as shouting, and spam filters have seen too many of them.

## How to fix
Write the subject as a sentence.

## References
- House rule 7 of ACME's style guide
"""

from mailaudit.checks.rule import Facts, NotGiven, Problem, Problems, Severity, check


@check(Severity.WARNING, passed="The subject does not shout.", needs=("message",), family="message")
def subject_shouts(facts: Facts) -> Problems:
    """Yield a problem when every letter of the subject is a capital."""
    subject = facts.message.subject
    if subject is None:
        raise NotGiven("the message has no subject")
    if subject.isupper():
        yield Problem.about(
            facts.message.path,
            f"The subject shouts: {subject}",
            "Write the subject as a sentence.",
            location="message",
        )
