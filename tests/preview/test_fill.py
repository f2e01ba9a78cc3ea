"""Templates are filled in as their programs do it, as far as the syntax is known."""

from __future__ import annotations

import pytest

from mailaudit.preview.fill import fill

VALUES = {"firstname": "Ann", "city": "", "tree": "pear"}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("*|FIRSTNAME|* *|IF:CITY|*a*|ELSE:|*b*|END:IF|*", "Ann b"),
        ("{{ contact.FIRSTNAME }} {{ contact.CITY | default: 'here' }}", "Ann here"),
        ("{% if city %}a{% elif tree == 'pear' %}b{% else %}c{% endif %}", "b"),
        ("{% if not city and first_name %}a{% endif %}{% unless tree %}b{% endunless %}", "a"),
        ("{{#if city}}a{{else}}b{{/if}}{{^city}}c{{/city}}{{#tree}}d{{/tree}}", "bcd"),
        ("{{ .Subscriber.FirstName }} {{ if .Subscriber.Attribs.city }}a{{ end }}", "Ann "),
        ("{contactfield=firstname} {contactfield=city|there}", "Ann there"),
        ("[FIRSTNAME] [subscriber:firstname | default:reader]", "Ann Ann"),
        ("{{ unsubscribe }} {{ shop }}", "[unsubscribe] {{ shop }}"),
        ("{% if a %}{% if b %}x{% endif %}y{% endif %}z", "z"),
        ("{% endif %}a{% else %}b", "ab"),
        ("{{ first_name }}<%= x %>", "Ann<%= x %>"),
        ("a{# {{ x }} #}b{{!-- {{ x }} --}}c{%- comment -%}{{ x }}{% endcomment %}d{# e", "abcd{# e"),
        ('{{ if and .Tree (ne .City "") }}a{{ else }}b{{ end }}{{ if or .City .Tree }}c{{ end }}', "bc"),
        ("{% set it = city | default: 'here' %}{{ it }}", "here"),
        ("{% if city %}{% case tree %}{% endcase %}x{% endif %}a", "a"),
    ],
)
def test_a_template_is_filled_in(template: str, text: str) -> None:
    assert fill(template, VALUES, is_html=True).text == text


def test_what_is_not_filled_in_is_told() -> None:
    filled = fill("{{ shop }} %%=v(@x)=%% {% for a in b %}{{ a.c }}{% endfor %}", VALUES, is_html=True)
    assert fill("{% if shop %}a{% endif %}", VALUES, is_html=True).left == ("{% if shop %}",)
    assert filled.left == ("{{ shop }}", "%%=v(@x)=%%", "{% for a in b %}", "{{ a.c }}")
