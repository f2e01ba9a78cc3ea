"""Merge syntax is told from prose, in every place where it may stand."""

from __future__ import annotations

import pytest

from mailaudit.facts.message.html.read_page import read_page
from mailaudit.facts.message.merge.unfilled import MOST_FOUND, unfilled
from mailaudit.facts.message.model import HeaderField, TextPart

FIELDS = (
    "{{.Subscriber.FirstName}} {{-.Name-}} {{{x}}} {{#if_a}} {{lead.First_Name:default=x}} {{${name}}} "
    "{{person.name|default:'you'}} {%endif%} *|FNAME|* *|LIST:ADDRESS|* %%First_Name%% %%=v(@x)=%% %FIRSTNAME% "
    "%recipient.name% %(name)s [[name]] [[var:x:'y']] [firstname,fallback=you] [FIRSTNAME] [date:dtext] "
    "[simplenews-subscriber:unsubscribe-url] [%member:first%] $[FNAME|x]$ {$name} {$contact.name|escape} {if_a} "
    "{contactfield=x|default} {contact.first_name} {subtag:name|ucfirst} {!Contact.Name} {firstname} {name|you} "
    "##name## #NAME# #recipient:name# @FIRSTNAME@ ~Contact.FirstName~ <%=name%> «Nom» «First_Name» __FIRSTNAME__ "
    "${firstName} #{user.name} {unsubscribe_text} {webview_url} {{name} *|FNAME| {{=name}} [first_name] [*data.name*] "
    "{order_number} {subscriber.first_name} $firstname $FNAME$ #unsubscribe_url# [unsubscribe] [[name|x]] "
    "[Contact.First_Name] [%list-name] #REF! %s %1$s @@first_name@@"
).split()


def find_placeholders(text: str) -> tuple[str, ...]:
    return tuple(found.text for found in unfilled((), text, (), ()))


@pytest.mark.parametrize("piece", [field.replace("if_a", "if a") for field in FIELDS])
def test_a_field_is_seen_in_a_text_and_in_html(piece: str) -> None:
    if piece != "{if a}":
        assert find_placeholders(f"Hi {piece}, hello") == (piece,)
    assert find_placeholders("\n".join(read_page(f"<p>Hi {piece}, hello</p>").lines)) == (piece,)


@pytest.mark.parametrize(
    "text",
    [
        "10% of 20%",
        "a [1] b",
        "{today}",
        "50%OFF% sale",
        "100 %",
        "[new]",
        "{ {x} }",
        "[link: here]",
        "[date: Monday]",
        "https://fr.wikipedia.org/wiki/%C3%89t%C3%A9",
        "/%C3%89COLE%20DE%20DANSE",
        "« Le printemps » «Printemps»",
        "#SALE# @all@ ~10~ a__b__c",
        "$h{$_} date +%Y-%m-%d __FUNCTION__ [[ Is that so? ]] x%NAME% $5 [Unsubscribe]",
        "5 %off% 6",
    ],
)
def test_prose_is_no_placeholder(text: str) -> None:
    assert find_placeholders(text) == ()


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        "{{ ",
        "{{ a",
        "[[",
        "%A",
        "${",
        "<%= a ",
        "*|A",
        "%%a",
        "[link:a |",
        "{subtag:a",
        "{",
        "[",
        "%",
        "{{{",
        "«a",
        "$",
    ],
)
def test_very_many_beginnings_are_no_placeholder(piece: str) -> None:
    assert len(find_placeholders(piece * 100_000)) <= MOST_FOUND


def test_every_place_is_looked_at() -> None:
    html = (
        '<a href="https://a.example/%7B%7Bin_link%7D%7D">x</a><img src="{{ in_source }}" alt="{{ in_alt }}">'
        '<!--[if mso]>{{ for_outlook }}<![endif]--><p>{{ in_text }}</p><a href="[unsubscribe]">leave</a>'
    )
    fields = [HeaderField("List-Unsubscribe", "<https://a.example/{{ in_header }}>", 2)]
    parts = [TextPart("text/plain", "{{ in_plain }}")]
    found = {item.text: item.place for item in unfilled(fields, "{{ in_subject }}", parts, [read_page(html)])}
    assert found == {
        "{{ in_subject }}": "subject",
        "{{ in_header }}": "List-Unsubscribe",
        "{{ in_text }}": "html",
        "{{ in_alt }}": "alt or title",
        "{{in_link}}": "link",
        "{{ in_source }}": "link",
        "[unsubscribe]": "link",
        "{{ for_outlook }}": "html (Outlook)",
        "{{ in_plain }}": "text",
    }
