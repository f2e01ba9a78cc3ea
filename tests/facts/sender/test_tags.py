"""Tag lists: the first of a name counts, what is no tag is told, and hostile text costs nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mailaudit.facts.sender.tags import read_tags


def test_values_keep_their_order_and_lose_their_blanks() -> None:
    tags = read_tags(" v = A1 ;b=x=y;; c\t=\n")
    assert list(tags.values.items()) == [("v", "A1"), ("b", "x=y"), ("c", "")]
    assert tags.has_gap
    assert not tags.faults


def test_the_case_of_names_means_nothing_only_where_it_is_folded() -> None:
    assert dict(read_tags("P=a; p=b").values) == {"P": "a", "p": "b"}
    folded = read_tags("P=a; p=b", fold=True)
    assert dict(folded.values) == {"p": "a"}
    assert folded.faults == ("p= stands in it twice",)


def test_a_final_semicolon_leaves_no_gap() -> None:
    assert not read_tags("v=1;").has_gap


@given(st.text(alphabet="vp=; \t\\\"'a1\n\xe9", max_size=400))
def test_any_text_is_read(text: str) -> None:
    tags = read_tags(text, fold=True)
    assert len(tags.values) + len(tags.faults) <= text.count(";") + 1
    assert all(name == name.lower() for name in tags.values)


def test_a_flood_of_tags_is_bounded() -> None:
    tags = read_tags(";".join(f"a{number}=1" for number in range(100_000)))
    assert len(tags.values) == 64
    assert tags.faults == ("it has more than 64 tags",)
