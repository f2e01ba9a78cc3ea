"""The facts of a capture: how fast, to whom, and how the messages look."""

from msgspec import Struct


class Reached(Struct, frozen=True):
    """The people of the capture beside those of the list; a number is missing where no list or refusal is known.

    `refusing` stand on a suppression list or refused in a column, `hides_refusals` says that only digests tell of
    some, which cannot be compared with `strangers`. Those do not stand on the list, `missed` stand on
    it, refused nothing and got no message; for `untried` of them none was even offered.
    """

    refusing: int | None = None
    hides_refusals: bool = False
    strangers: int | None = None
    missed: int | None = None
    untried: int | None = None


class CaptureFacts(Struct, frozen=True):
    """What a dry run did; `recipients` counts deliveries, `people` each person once.

    `fastest` is the most messages in one minute, `twice` how many people got more than one message. `same_message_id`
    and `same_unsubscribe` count messages that share that value with a message to somebody else; the latter also says,
    in `with_unsubscribe`, how many have one. `is_whole` says that the software had come to its end. Domains and names
    are sorted. `at_once` tells of each provider how many connections delivered to it at the same time, at most.
    `retried` counts deliveries that were put off and tried again, `gave_up` those that were not, `soonest_retry_s` the
    shortest wait, `insisted` counts tries after a refusal for good. `ends_refused`: the last that the software tried was
    refused. `ended_by` and `command_exit` are those of the recording. `shown_others` counts people who could read somebody
    else's address, `other_from` messages whose From is another address at the campaign's own domain.
    """

    display: str
    started_at: str | None
    answer: str | None
    is_whole: bool
    ended_by: str | None
    command_exit: int | None
    messages: int
    recipients: int
    people: int
    seconds: float
    fastest: int
    connections: int
    most_connections: int | None
    broken: int
    unfinished: int
    bare_line_ends: int
    providers: tuple[tuple[str, int], ...]
    twice: int
    reached: Reached
    same_message_id: int
    same_unsubscribe: int
    with_unsubscribe: int
    from_domains: tuple[str, ...]
    mail_from_domains: tuple[str, ...]
    helo_names: tuple[str, ...]
    shapes: int
    samples: int
    at_once: tuple[tuple[str, int], ...] = ()
    refused: int = 0
    deferred: int = 0
    retried: int = 0
    gave_up: int = 0
    insisted: int = 0
    soonest_retry_s: float | None = None
    ends_refused: bool = False
    shown_others: int = 0
    other_from: int = 0
