from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mailaudit.capture.smtp.content import Content

LINES = st.lists(st.sampled_from([b"", b".", b"..", b".a", b"a", b"x" * 40, b"\n.\n", b"\r.\r"]), max_size=8)


def _fed(wire: bytes, cuts: list[int], kept: int = 1_000) -> tuple[Content, bytes | None]:
    content, rest, start = Content(kept), None, 0
    for cut in [*sorted({cut % (len(wire) + 1) for cut in cuts}), len(wire)]:
        rest = content.feed(wire[start:cut])
        start = cut
        if rest is not None:
            return content, rest + wire[start:]
    return content, rest


@given(LINES, st.lists(st.integers(0, 400), max_size=6), st.sampled_from([5, 1_000]))
def test_what_a_client_stuffs_comes_back_however_it_is_cut(lines: list[bytes], cuts: list[int], kept: int) -> None:
    message = b"".join(line + b"\r\n" for line in lines)
    stuffed = b"".join(
        (b"." + line if line.startswith(b".") else line) + b"\r\n" for line in message.split(b"\r\n")[:-1]
    )
    content, rest = _fed(stuffed + b".\r\nQUIT\r\n", cuts, kept)
    assert rest == b"QUIT\r\n"
    assert content.size == len(stuffed)
    if kept > len(stuffed) + 8:
        assert content.message == message


def test_bare_line_feeds_end_no_message() -> None:
    """Two servers that disagree about the end smuggle a second message through."""
    for end in (b"\n.\n", b"\r.\r", b"\n.\r\n", b"\r\n.\n"):
        content = Content(1_000)
        assert content.feed(b"Subject: a\r\n\r\nhello" + end + b"MAIL FROM:<evil@x.example>\r\n") is None
        assert content.has_bare_line_end
        waiting = Content(1_000)
        assert waiting.feed(b"hello" + end) is None
        assert waiting.waits_in_vain
    assert not Content(10).waits_in_vain
