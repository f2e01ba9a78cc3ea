"""HTML is read as a browser reads it, and what would take too long is refused at once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.facts.message.html.read_page import TooDeepError, read_page
from support.effort import examples


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<html><head><title>x</title><body><p>Dear\n  reader</p>", ["Dear reader"]),
        ("<style>p{}<p>hidden", []),
        ("<p>a<b>b</b>c<br>d</p><div>e</div>", ["abc", "d", "e"]),
        ("<![x]><p>seen</p>", ["seen"]),
        ("<!--[if mso]><p>Outlook</p><![endif]--><p>all</p>", ["all"]),
        ("<![if !mso]><p>not Outlook</p><![endif]>", ["not Outlook"]),
        ("<p>&Atilde;&copy; <%= name %></p>", ["Ã© <%= name %>"]),
    ],
)
def test_what_is_visible_stands_in_lines(html: str, lines: list[str]) -> None:
    assert [line for line in read_page(html).lines if line] == lines


def test_what_only_outlook_shows_is_a_page_of_its_own() -> None:
    outlook = read_page("<!--[if mso]><a href='https://a.example/'>b</a><![endif]-->x").outlook
    assert outlook is not None
    assert [link.target for link in outlook.links] == ["https://a.example/"]


def test_links_know_their_text_and_their_line() -> None:
    page = read_page(
        "<p>first</p><p>To leave, <a href=' https://a.example/l '>click <img src=i alt=here></a> now</p>"
    )
    (link,) = page.links
    assert (link.target, link.text) == ("https://a.example/l", "click here")
    assert page.lines[link.line] == "To leave, click now"
    assert [(one.source, one.alt, one.is_linked) for one in page.pictures] == [("i", "here", True)]


def test_active_content_is_named_once() -> None:
    page = read_page(
        "<form></form><script>a</script><script>b</script><meta http-equiv=refresh content='0; url=x'>"
    )
    assert set(page.active) == {"form", "script", "meta refresh"}


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 30_000,
        "<a " + " ".join(f"x{i}" for i in range(30_000)) + ">",
        "<a " + "".join(f"x{i}='>'" for i in range(30_000)) + ">",
        '<style> <a b=" </style><i ' + " ".join(f"x{i}" for i in range(30_000)) + '>">',
        '<!-- <a b=" -->' + "<div>" * 30_000 + '">',
        "<p>" + "".join(f"<font a={i}>" for i in range(1000)) + "</p><p>x" * 30_000,
        "<p>" * 300_000,
    ],
)
def test_what_would_take_the_square_of_its_size_is_refused(html: str) -> None:
    with pytest.raises(TooDeepError):
        read_page(html)


@pytest.mark.parametrize("html", ["<a " * 5_000, "<!--" * 49_000, "</" * 190_000, "<table><tr><td>x" * 3_000])
def test_unfinished_tags_are_read(html: str) -> None:
    assert read_page(html).active == ()


@settings(max_examples=examples(150), deadline=None)
@given(st.text(max_size=300))
def test_no_html_makes_the_reader_fail(html: str) -> None:
    page = read_page("<p" + html + f'<a href="{html}">')
    assert isinstance(page.hosts, frozenset)
