"""What the fuzzer begins with: every case of every scenario file, and the examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scenarios.runner import MINIMAL_CAMPAIGN, cases

TESTS = Path(__file__).parents[1]
EXAMPLES = TESTS.parent / "examples"
_LARGEST = 200_000


@dataclass(frozen=True)
class Seed:
    """A world in files: a campaign and what it names, and the zone files that answer DNS; none means offline."""

    name: str
    files: Mapping[str, bytes]
    zones: tuple[str, ...] = ()


def seeds() -> tuple[Seed, ...]:
    """Return every seed, in an order that does not change from run to run."""
    return (*_scenarios(sorted(TESTS.glob("checks/*/*.md"))), *_examples())


def _scenarios(files: list[Path]) -> Iterator[Seed]:
    for file in files:
        for case in cases(file):
            texts = {"campaign.yml": MINIMAL_CAMPAIGN, **case.files}
            yield Seed(
                str(case), {name: text.encode()[:_LARGEST] for name, text in texts.items()}, tuple(case.zones)
            )


def _examples() -> Iterator[Seed]:
    for folder in ("own-server", "platform"):
        files = sorted(
            path for path in (EXAMPLES / folder).rglob("*") if path.is_file() and "preview" not in path.parts
        )
        read = {path.relative_to(EXAMPLES / folder).as_posix(): path.read_bytes()[:_LARGEST] for path in files}
        yield Seed(folder, read, tuple(name for name in read if name.endswith(".zone")))
