"""Your software mails people who said no.

## Why it matters
The list and the suppression list were compared with what the software really sent in the dry run. Whoever unsubscribed or
complained, and gets the next mailing all the same, reports it as spam; the law forbids it (GDPR, article 21). That the list
in the campaign file is clean does not help when the program reads another one, or filters by another column.

## How to fix
1. Find out which list, segment or query the program really mailed, and take the same one that is audited here.
2. Import the suppression list into the program, so that it refuses these addresses whatever list it is given.
3. Run the dry run again.

## References
- [GDPR, article 21](https://eur-lex.europa.eu/eli/reg/2016/679/oj): the right to object
"""

from mailaudit.checks.capture._findings import SUBJECT, compared, people, recorded, require_list
from mailaudit.checks.rule import Facts, Magnitude, Problem, Problems, Severity, Unavailable, check


@check(Severity.ERROR, passed="The dry run mailed nobody who said no.", needs=("recipients", "capture"))
def capture_reaches_suppressed(facts: Facts) -> Problems:
    """Report how many people got a message of the dry run though they refused."""
    capture = recorded(facts)
    require_list(facts)
    without = "no suppression list and no column of the list says who refused (recipients.suppression)"
    count = compared(capture.reached.refusing, without)
    if not count and capture.reached.hides_refusals:
        what = "the suppression list tells of some only by digests, which are not compared with people beside the list"
        raise Unavailable(what)
    if count:
        yield Problem.about(
            SUBJECT,
            f"In the dry run your software mailed {people(count)} who said no.",
            "Find out which list or segment the program really mails, and give it the clean one.",
            "Import the suppression list into the program, and capture again.",
            magnitude=Magnitude(count, "recipients"),
        )
