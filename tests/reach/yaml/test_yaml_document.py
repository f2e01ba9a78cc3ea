from __future__ import annotations

import time

import pytest
import yaml

from mailaudit.errors import InputError
from mailaudit.reach.yaml import document
from mailaudit.reach.yaml.document import MAX_CHARACTERS, MAX_DEPTH, MAX_KEY, MAX_NODES, compose_document

LOADERS = [yaml.SafeLoader, *([yaml.CSafeLoader] if hasattr(yaml, "CSafeLoader") else [])]


@pytest.fixture(params=LOADERS, autouse=True)
def _each_loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "_LOADER", request.param)


def data(text: str) -> object:
    document = compose_document(text, "c.yml")
    assert not document.complaints
    return document.data


def refusal(text: str) -> str:
    begin = time.process_time()
    with pytest.raises(InputError) as caught:
        compose_document(text, "c.yml")
    assert time.process_time() - begin < 5, "a hostile file costs too much time"
    (only,) = caught.value.complaints
    return str(only)


def test_scalars_are_their_written_text() -> None:
    text = "a: 0123\nb: yes\nc: 2027-01-31\nd: 1e3\ne: 'it''s'\nf: \"a\\tb\"\ng: |\n  x\n  y\nh: >\n  x\n  y\n"
    assert data(text) == {
        "a": "0123",
        "b": "yes",
        "c": "2027-01-31",
        "d": "1e3",
        "e": "it's",
        "f": "a\tb",
        "g": "x\ny\n",
        "h": "x y\n",
    }


def test_only_plain_nulls_are_none() -> None:
    assert data("a:\nb: ~\nc: null\nd: ''\ne: 'null'\nf: !!str ~\ng: [~, x]") == {
        "a": None,
        "b": None,
        "c": None,
        "d": "",
        "e": "null",
        "f": "~",
        "g": [None, "x"],
    }


def test_places_count_from_one_and_point_at_keys_and_items() -> None:
    document = compose_document("é: {a: 1, b: [x, yy,\n  z]}\nc:\n  - d: 1\n  - e\n", "c.yml")
    assert dict(document.places) == {
        "é": (1, 1),
        "é.a": (1, 5),
        "é.b": (1, 11),
        "é.b.0": (1, 15),
        "é.b.1": (1, 18),
        "é.b.2": (2, 3),
        "c": (3, 1),
        "c.0": (4, 5),
        "c.0.d": (4, 5),
        "c.1": (5, 5),
    }


def test_aliases_and_merge_keys() -> None:
    text = "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: {y: 4, <<: [{z: 5}, *a]}\nd: *a\ne: {'<<': 1}\n"
    assert data(text) == {
        "a": {"x": "1", "y": "2"},
        "b": {"x": "1", "y": "3"},
        "c": {"y": "4", "z": "5", "x": "1"},
        "d": {"x": "1", "y": "2"},
        "e": {"<<": "1"},
    }


def test_an_alias_may_be_a_key_and_an_anchor_may_be_redefined() -> None:
    assert data("a: &x one\nb: &x two\nc: *x\nd: {*x : 1}") == {
        "a": "one",
        "b": "two",
        "c": "two",
        "d": {"two": "1"},
    }


def test_duplicate_keys_are_said_with_both_lines_and_the_rest_is_read() -> None:
    document = compose_document("a:\n  - {b: 1}\n  - b: 1\n    c: 2\n    b: 3\na: 4\n", "c.yml")
    assert [str(complaint) for complaint in document.complaints] == [
        "c.yml:5:5: a[1].b: written twice, in line 3 and in line 5; keep one of them",
        "c.yml:6:1: a: written twice, in line 1 and in line 6; keep one of them",
    ]
    assert document.data == {"a": [{"b": "1"}, {"b": "1", "c": "2"}]}


def test_a_billion_laughs_are_refused() -> None:
    laughs = "a0: &a0 [lol, lol]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
    )
    assert f"the file holds more than {MAX_NODES} values; write fewer aliases" in refusal(laughs)


def test_many_aliases_of_a_long_text_are_refused() -> None:
    text = f"a: &a {'x' * 500_000}\nb: [{', '.join(['*a'] * 5)}]\n"
    assert MAX_CHARACTERS < 2_500_000
    assert "the file holds too much text; write fewer aliases" in refusal(text)


def test_merging_over_and_over_is_refused() -> None:
    wide = ", ".join(f"k{n}: 1" for n in range(2000))
    text = f"a: &a {{{wide}}}\nb:\n" + "".join("  - {<<: *a}\n" for _ in range(2000))
    assert f"more than {MAX_NODES} values" in refusal(text)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused(opening: str) -> None:
    assert f"the file is nested deeper than {MAX_DEPTH} levels" in refusal(opening * 100_000)


def test_depth_through_aliases_is_refused() -> None:
    text = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 30))
    assert f"the file is nested deeper than {MAX_DEPTH} levels" in refusal(text)


def test_the_deepest_nesting_that_is_read() -> None:
    assert data("[" * MAX_DEPTH + "]" * MAX_DEPTH) is not None
    refusal("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))


@pytest.mark.parametrize("text", ["a: [" + "x, " * 300_000 + "]", "- x\n" * 200_000])
def test_many_values_are_refused(text: str) -> None:
    assert f"the file holds more than {MAX_NODES} values" in refusal(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x [*x]", "c.yml:1:8: the alias *x stands inside its own anchor; write the value out"),
        ("a: &x {<<: *x}", "c.yml:1:12: the alias *x stands inside its own anchor"),
        ("a: *x", "c.yml:1:4: the alias *x has no anchor; put text that begins with * in quotes"),
        ("a: *bold*", "c.yml:1:9: this is not valid YAML: a text begins with * or &; put the text in quotes"),
        ("a: 1\n---\nb: 2", "c.yml:2:1: a second YAML document begins here; remove the line `---`"),
        ("a: !!python/object:x.y {}", "c.yml:1:4: a YAML tag stands here; put text that begins with ! in quotes"),
        ("a: {<<: x}", "c.yml:1:5: << takes a mapping; name an anchor such as <<: *defaults"),
        (
            "a: {{name}}",
            "c.yml:1:5: a list or mapping stands where a key is expected; put text that begins with {",
        ),
        (f"{'k' * (MAX_KEY + 1)}: x", f"c.yml:1:1: a key is longer than {MAX_KEY} characters"),
        ('a: "\\e[31m"', "c.yml:1:4: the text holds the control character U+001B; delete it"),
        ('"a\\0": x', "c.yml:1:1: the text holds the control character U+0000"),
        ("a:\n\tb: 1", "c.yml:2:1: a tab indents this line, and YAML allows only spaces; replace tabs by spaces"),
        ("a:\n  b: 1\n\tc: 2", "c.yml:3:1: a tab indents this line"),
        ("a:\n  b: 1\n  \tc: 2", "c.yml:3:3: a tab indents this line"),
        ('a: "x\nb: 1', "c.yml:1:4: this is not valid YAML: a quoted text is never closed; add the missing quote"),
        ("a: b: c", "c.yml:1:5: this is not valid YAML: this line holds a second `: `; put the text in quotes"),
        (
            "a:1\nb: 2",
            "c.yml:2:2: this is not valid YAML: line 1 has no space after its colon; write `key: value`",
        ),
        (
            "a: 1\n  b: 2",
            "c.yml:2:4: this is not valid YAML: this line is indented deeper than the one above; align",
        ),
        ("a:\n  b: 1\n c: 2", "c.yml:3:2: this is not valid YAML: this line is indented wrongly; align the keys"),
        ("a: [1, 2\nb: 3", "c.yml:1:4: this is not valid YAML: a list in [ ] lacks a comma or its end; add the"),
        ("a: {b: 1", "c.yml:1:4: this is not valid YAML: a mapping in { } lacks a comma or its end; add the"),
        ("a: @x", "c.yml:1:4: this is not valid YAML: a text begins with a special character; put the text in"),
        ("a: 1\nb", "c.yml:2:1: this is not valid YAML: this line is no `key: value`; write a colon and a space"),
        ('a: "b" c', "c.yml:1:8: this is not valid YAML: text follows a closing quote or bracket; put the whole"),
        ("a: ]", "c.yml:1:4: this is not valid YAML: a value is missing or begins with a special character"),
        ("a: !x!y b", "c.yml:1:4: this is not valid YAML: a text begins with !; put the text in quotes"),
        ("a: - b", "c.yml:1:4: this is not valid YAML: a list begins in the line of its key; begin the list in"),
    ],
)
def test_mistakes_in_plain_words(text: str, said: str) -> None:
    assert refusal(text).startswith(said)


@pytest.mark.parametrize(
    "text",
    ["a: 'x\\q'", 'a: "\\q"', "%x", "a: |x", "- a\nb: 1", "a: &", "<<: : :", "? " * 100_000, "a: 'x\n---\n"],
)
def test_other_mistakes_get_one_complaint_with_a_place(text: str) -> None:
    try:
        compose_document(text, "c.yml")
    except InputError as error:
        (only,) = error.complaints
        assert only.where is not None
        assert only.where.line is not None
        assert only.todo
    else:
        assert text == "a: 'x\\q'"
