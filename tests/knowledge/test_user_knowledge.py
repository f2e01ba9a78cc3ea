from __future__ import annotations

import time
from pathlib import Path

import pytest

from mailaudit.errors import InputError
from mailaudit.knowledge import load, lookup, read
from mailaudit.knowledge.compile import compile_file
from mailaudit.knowledge.load import with_user_knowledge
from mailaudit.knowledge.patterns import UnsafePatternError, safe_regex
from mailaudit.knowledge.read import COMPILED

OWN = """\
date: 2026-11-20
sources: {us: our own contract}
platforms:
  - id: acme-mailer
    name: ACME Mailer
    evidence:
      - {kind: spf-include, values: [spf.mailer.example], source: us}
  - id: brevo
    name: Brevo as we use it
    evidence:
      - {kind: spf-include, values: [spf.brevo.example], confidence: medium}
"""

BAD_NAME = """\
date: 2026-11-20
platforms:
  - id: a
    name: A
    evidence:
      - {kind: spf-include, values: [not a name]}
"""


def test_a_users_platform_is_known_within_the_block(tmp_path: Path) -> None:
    (tmp_path / "platforms.yml").write_text(OWN)

    with with_user_knowledge(tmp_path):
        (match,) = lookup.platform_by_spf_include("spf.mailer.example")
        assert match.platform.id == "acme-mailer"
        assert match.evidence.provenance.source == "our own contract"
        assert len(load.platforms()) > 100
    assert lookup.platform_by_spf_include("spf.mailer.example") == ()


def test_a_users_entry_replaces_ours_of_the_same_id(tmp_path: Path) -> None:
    (tmp_path / "platforms.yml").write_text(OWN)

    with with_user_knowledge(tmp_path):
        named = lookup.platform_named("brevo")
        assert named is not None
        assert named.name == "Brevo as we use it"
        assert lookup.platform_by_spf_include("spf.brevo.com") == ()
    assert lookup.platform_by_spf_include("spf.brevo.com")


@pytest.mark.parametrize(
    ("text", "line", "fragment"),
    [
        ("date: 2026-11-20\nplatforms:\n  - id: a\n    name: A\n    colour: red\n", 5, "`colour`"),
        ("date: 2026-11-20\nplatforms:\n  - name: A\n", 3, "`id`"),
        (
            "date: 2026-11-20\nplatforms:\n  - id: a\n    name: A\n    evidence:\n      - {kind: smell, values: [x]}\n",
            6,
            "kind",
        ),
        (BAD_NAME, 6, "not a domain name"),
        ("platforms: []\n", 1, "`date`"),
        ("date: 2026-11-20\nplatforms: [\n", 3, "YAML"),
        ("date: 2026-11-20\nplatforms:\n  - 5\n", 3, "mapping"),
        ("- a\n", 1, "mapping"),
    ],
)
def test_a_malformed_file_is_refused_with_its_line(tmp_path: Path, text: str, line: int, fragment: str) -> None:
    file = tmp_path / "platforms.yml"
    file.write_text(text)

    with pytest.raises(InputError) as caught, with_user_knowledge(tmp_path):
        pass
    (complaint,) = caught.value.complaints
    assert complaint.where is not None
    assert (complaint.where.path, complaint.where.line) == (str(file), line)
    assert fragment in complaint.what


def test_a_file_of_an_unknown_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "platform.yml").write_text(OWN)

    with pytest.raises(InputError, match=r"platform\.yml"), with_user_knowledge(tmp_path):
        pass


def test_a_directory_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no directory"), with_user_knowledge(tmp_path / "nowhere"):
        pass


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(?:a*b?)*c", r"(\w+\s?)+$", r"(a)\1", "[", "a" * 500, "((a{1,50}){1,50})x"]
)
def test_a_pattern_that_could_run_away_is_refused(pattern: str) -> None:
    with pytest.raises(UnsafePatternError):
        safe_regex(pattern)


def test_a_users_dangerous_pattern_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "software.yml").write_text(
        "date: 2026-11-20\nsignatures:\n"
        "  - {id: x, name: X, kind: library, header: x-mailer, pattern: '(a+)+$', origin: own-software}\n"
    )

    with pytest.raises(InputError, match=r"software\.yml:3:.*repeat inside"), with_user_knowledge(tmp_path):
        pass


def test_every_pattern_of_ours_stays_quick_on_hostile_text() -> None:
    known = load.software()
    patterns = [item.pattern for item in known.signatures]
    patterns += [item.pattern for item in known.reverse_patterns]
    patterns += [item.pattern for item in known.helo_patterns]
    hostile = ["a" * 5000, "1-" * 2500, "1." * 2500, "-" * 5000, "a@" * 2500, " " * 5000, "/wp-" * 1000]

    for pattern in patterns:
        began = time.perf_counter()
        for text in hostile:
            pattern.search(text)
        assert time.perf_counter() - began < 3, pattern.text


@pytest.mark.parametrize("path", sorted(Path(load.__file__).parent.glob("*.yml")), ids=lambda path: path.stem)
def test_our_files_are_compiled(path: Path) -> None:
    compiled = path.parent / COMPILED / f"{path.stem}.json"

    assert compiled.read_text(encoding="utf-8") == compile_file(path), "run python -m mailaudit.knowledge.compile"


def test_a_file_that_changed_since_it_was_compiled_is_read_as_yaml() -> None:
    path = Path(load.__file__).with_name("providers.yml")

    assert read.compiled(path, path.read_bytes()) is not None
    assert read.compiled(path, path.read_bytes() + b"\n") is None
    assert read.compiled(Path("elsewhere") / "providers.yml", path.read_bytes()) is None
