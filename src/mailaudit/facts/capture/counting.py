"""What columns of deliveries come to: the fullest minute, connections at once, values in common, retries."""

from collections.abc import Iterator

import numpy as np

from mailaudit.facts.capture.deliveries import DEFERRED, REFUSED, TAKEN, Deliveries, Numbers, Seconds

_MINUTE_S = 60.0


def fastest_minute(times: Seconds) -> int:
    """Return the most messages in any minute; `times` never decrease."""
    if not len(times):
        return 0
    before = np.searchsorted(times, times - _MINUTE_S, side="right")
    return int((np.arange(1, len(times) + 1) - before).max())


def connections_at_once(found: Deliveries) -> Iterator[tuple[str, int]]:
    """Yield for each provider the most connections between whose first and last message to it one instant lies."""
    began, ended = found.began[found.line], found.at[found.line]
    connection = found.connection[found.line]
    order = np.lexsort((connection, found.provider))
    provider, connection = found.provider[order], connection[order]
    if not len(order):
        return
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = (provider[1:] != provider[:-1]) | (connection[1:] != connection[:-1])
    starts = np.flatnonzero(is_first)
    begins, ends = np.minimum.reduceat(began[order], starts), np.maximum.reduceat(ended[order], starts)
    served = provider[starts]
    for place in np.unique(served):
        mine = served == place
        times = np.concatenate((begins[mine], ends[mine]))
        steps = np.repeat((1, -1), int(mine.sum()))
        # What ends when another begins does not overlap it: at one instant, ends come first.
        yield found.providers[place], max(1, int(np.cumsum(steps[np.lexsort((steps, times))]).max()))


def messages_in_common(found: Deliveries, values: Numbers, *, least: int) -> int:
    """Return how many messages hold a value that several people got, in so many messages at least."""
    holds = (found.verdict == TAKEN) & (values != 0)
    of_each = holds[found.line]
    if not of_each.any():
        return 0
    value, person = values[found.line][of_each], found.person[of_each]
    order = np.argsort(value, kind="stable")
    value, person = value[order], person[order]
    starts = np.flatnonzero(np.concatenate(([True], value[1:] != value[:-1])))
    is_shared = np.minimum.reduceat(person, starts) != np.maximum.reduceat(person, starts)
    distinct, counts = np.unique(values[holds], return_counts=True)
    counts = counts[np.isin(distinct, value[starts][is_shared], assume_unique=True)]
    return int(counts[counts >= least].sum())


def retries(found: Deliveries) -> tuple[list[float], int, int]:
    """Return how long deliveries that were put off waited for a new try, how many had none, and tries after a final no."""
    refused = np.unique(found.person[(found.verdict >= DEFERRED)[found.line]])
    waiting: dict[int, float] = {}
    waits: list[float] = []
    final: set[tuple[int, int]] = set()
    insisted = 0
    for place in np.flatnonzero(np.isin(found.person, refused)).tolist():
        line, person = int(found.line[place]), int(found.person[place])
        before = waiting.pop(person, None)
        if before is not None:
            waits.append(float(found.began[line]) - before)
        # Another message to the same person is no new try.
        message = (person, int(found.message_id[line]))
        insisted += message in final
        verdict = found.verdict[line]
        if verdict == DEFERRED:
            waiting[person] = float(found.at[line])
        elif verdict == REFUSED:
            final.add(message)
    return waits, len(waiting), insisted


def count_by_provider(found: Deliveries) -> tuple[tuple[str, int], ...]:
    """Return how many deliveries each provider took, the most first."""
    counts = np.bincount(found.provider[found.is_taken], minlength=len(found.providers)).tolist()
    known = ((name, count) for name, count in zip(found.providers, counts, strict=True) if count)
    return tuple(sorted(known, key=lambda item: (-item[1], item[0])))
