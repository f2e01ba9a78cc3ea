from __future__ import annotations

import time
from pathlib import Path

import pytest

from mailaudit.errors import InputError
from mailaudit.knowledge import load, lookup
from mailaudit.knowledge.load import entries, with_user_knowledge
from mailaudit.knowledge.patterns import UnsafePatternError, safe_regex
from mailaudit.knowledge.reading.compiled import COMPILED, compiled_text, own_data
from mailaudit.knowledge.types.address import AddressesFile
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.provider import ProvidersFile

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

MISTAKES = """\
date: 2026-11-20
platforms:
  - id: a
    colour: red
    kind: huge
    evidence:
      - {kind: spf-include, value: [spf.a.example]}
      - {kind: spf-include, values: [spf.a.example], confidence: certain}
  - id: b
  - {id: a, name: A}
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
        (match,) = lookup.platforms_by("spf-include", "spf.mailer.example")
        assert match.platform.id == "acme-mailer"
        assert match.evidence.provenance.source == "our own contract"
        assert len(load.platforms()) > 100
    assert lookup.platforms_by("spf-include", "spf.mailer.example") == ()


def test_a_users_entry_is_merged_into_ours_of_the_same_id(tmp_path: Path) -> None:
    (tmp_path / "platforms.yml").write_text(OWN)

    with with_user_knowledge(tmp_path):
        named = lookup.platform_named("brevo")
        assert named is not None
        assert named.name == "Brevo as we use it"
        assert [m.platform.id for m in lookup.platforms_by("spf-include", "spf.brevo.example")] == ["brevo"]
        assert [m.platform.id for m in lookup.platforms_by("spf-include", "spf.brevo.com")] == ["brevo"]
    assert not lookup.platforms_by("spf-include", "spf.brevo.example")


def test_a_users_words_are_added_to_ours(tmp_path: Path) -> None:
    (tmp_path / "addresses.yml").write_text(
        "date: 2026-11-20\nplaces: [xx]\nroles: [{id: english, words: [chairperson]}, {id: welsh, words: [cadeirydd]}]\n"
    )

    ours = entries(AddressesFile)
    with with_user_knowledge(tmp_path):
        known = entries(AddressesFile)
    assert known.places == (*ours.places, "xx")
    assert {row.id: row.words[-1] for row in known.roles if row.id in {"english", "welsh"}} == {
        "english": "chairperson",
        "welsh": "cadeirydd",
    }
    assert "sales" in next(row.words for row in known.roles if row.id == "english")


def test_a_corrected_limit_takes_the_place_of_ours_and_keeps_everything_else(tmp_path: Path) -> None:
    (tmp_path / "mailboxes.yml").write_text(
        "date: 2026-11-20\nmailboxes:\n  - id: zoho-mail\n    limits:\n"
        "      - {max: 400, window_s: 3600, counts: recipients, which: external, source: our contract}\n"
    )
    (before,) = (one for one in load.mailbox_services() if one.id == "zoho-mail")

    with with_user_knowledge(tmp_path):
        (after,) = (one for one in load.mailbox_services() if one.id == "zoho-mail")
    assert (after.spf, after.mx, after.provenance) == (before.spf, before.mx, before.provenance)
    assert [limit.max for limit in after.limits] == [400, 1000]
    assert after.limits[0].provenance.source == "our contract"
    assert after.limits[0].provenance.confidence is Confidence.MEDIUM


def test_a_list_that_replaces_ours_takes_its_place(tmp_path: Path) -> None:
    (tmp_path / "mailboxes.yml").write_text(
        "date: 2026-11-20\nmailboxes:\n  - {id: zoho-mail, replaces: [limits, mx], limits: [], mx: [mx.zoho.example]}\n"
    )

    with with_user_knowledge(tmp_path):
        (after,) = (one for one in load.mailbox_services() if one.id == "zoho-mail")
    assert after.limits == ()
    assert after.mx == ("mx.zoho.example",)
    assert after.spf


def test_a_list_that_an_entry_does_not_have_replaces_nothing(tmp_path: Path) -> None:
    (tmp_path / "mailboxes.yml").write_text(
        "date: 2026-11-20\nmailboxes:\n  - {id: zoho-mail, replaces: [limit, name]}\n"
    )

    with pytest.raises(InputError) as caught, with_user_knowledge(tmp_path):
        pass
    assert [one.what for one in caught.value.complaints] == [
        "`limit` in `replaces` is no list of this entry",
        "`name` in `replaces` is no list of this entry",
    ]


def test_every_mistake_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "platforms.yml").write_text(MISTAKES)
    (tmp_path / "mailboxs.yml").write_text("date: 2026-11-20\n")

    with pytest.raises(InputError) as caught, with_user_knowledge(tmp_path):
        pass
    told = [(one.where.line if one.where else None, one.what) for one in caught.value.complaints]
    assert told == [
        (None, "mailboxs.yml is not a file of the knowledge base"),
        (4, "`colour` is not a key that is known here"),
        (5, "`kind` must be one of marketing, transactional, both, saas, hosting"),
        (7, "`value` is not a key that is known here; did you mean `values`?"),
        (8, "`confidence` must be one of high, medium, low"),
        (9, "`name` is missing; it must be a text"),
        (10, "`a` stands here twice"),
    ]


def test_a_day_that_no_calendar_has_hides_no_other_mistake(tmp_path: Path) -> None:
    (tmp_path / "platforms.yml").write_text(
        "date: 2026-13-45\nconfidence: sure\nconfidence: high\nplatforms:\n  - id: a\n"
        "    evidence:\n      - {kind: spf-inclde, values: [a.example], date: 2026-02-30}\n"
        "  - {id: b, name: B, date: yesterday, evidences: []}\n"
    )

    with pytest.raises(InputError) as caught, with_user_knowledge(tmp_path):
        pass
    told = sorted((one.where.line, one.what[:16]) for one in caught.value.complaints if one.where)
    assert told == [
        (1, "`date` must be a"),
        (2, "`confidence` mus"),
        (3, "confidence: writ"),
        (5, "`name` is missin"),
        (7, "`date` must be a"),
        (7, "`kind` must be o"),
        (8, "`date` must be a"),
        (8, "`evidences` is n"),
    ]


def test_a_platform_carried_by_itself_or_by_nobody_known_is_refused(tmp_path: Path) -> None:
    (tmp_path / "platforms.yml").write_text(
        "date: 2026-11-20\nplatforms:\n"
        "  - {id: a, name: A, via: [b]}\n  - {id: b, name: B, via: [a]}\n  - {id: c, name: C, via: [nobody-here]}\n"
    )

    with pytest.raises(InputError) as caught, with_user_knowledge(tmp_path):
        pass
    told = [(one.where.line if one.where else None, one.what) for one in caught.value.complaints]
    assert told == [
        (3, "`via` of a leads back to a: a, b"),
        (5, "`via` of c names nobody-here, which is no platform here"),
    ]


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("date: 2026-11-20\nplatforms: &x\n  - *x\n", "inside its own anchor"),
        ("date: 2026-11-20\ndate: 2026-11-21\n", "date: written twice"),
        ("date: 2026-11-20\nplatforms: " + "[" * 200_000, "nested deeper than"),
        ("date: 2026-11-20\nplatforms: {{a: b}: c}\n", "where a key is expected"),
        ("date: 2026-11-20\nplatforms: !!python/object/apply:os.system [true]\n", "YAML"),
        ("\x00", "YAML"),
        ("", "no mapping"),
    ],
)
def test_a_hostile_file_gets_one_clear_error(tmp_path: Path, text: str, fragment: str) -> None:
    (tmp_path / "platforms.yml").write_text(text)

    with pytest.raises(InputError) as caught, with_user_knowledge(tmp_path):
        pass
    (complaint,) = caught.value.complaints
    assert fragment in complaint.what


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
        began = time.thread_time()
        for text in hostile:
            pattern.search(text)
        assert time.thread_time() - began < 3, pattern.text


@pytest.mark.parametrize("name", load.FILES.values())
def test_our_files_are_compiled(name: str) -> None:
    file = next(file for file, one in load.FILES.items() if one == name)
    compiled = load.OWN / COMPILED / f"{name}.json"

    assert compiled.read_bytes() == compiled_text(file, load.OWN / f"{name}.yml"), (
        "run python -m mailaudit.knowledge.compile"
    )


def test_every_file_of_ours_is_read() -> None:
    assert {path.stem for path in load.OWN.glob("*.yml")} == set(load.FILES.values())


def test_a_file_that_changed_since_it_was_compiled_is_read_as_yaml(tmp_path: Path) -> None:
    (tmp_path / COMPILED).mkdir()
    for name in ("providers.yml", f"{COMPILED}/providers.json"):
        (tmp_path / name).write_bytes((load.OWN / name).read_bytes())
    path = tmp_path / "providers.yml"

    before = own_data(ProvidersFile, path)
    path.write_text(path.read_text(encoding="utf-8").replace("name: Gmail", "name: Gmail now"), encoding="utf-8")
    after = own_data(ProvidersFile, path)

    assert before.saved is not None
    assert after.saved is None
    assert [one.name for one in before.typed().providers][:1] == ["Gmail"]
    assert [one.name for one in after.typed().providers][:1] == ["Gmail now"]
