"""The fields of a template: their names, fallbacks, guards and places, in the syntaxes of the trade."""

from __future__ import annotations

import pytest

from mailaudit.facts.message.merge.fields import MOST_FIELDS, merge_fields
from mailaudit.facts.message.merge.model import MergeField


def only(text: str, place: str = "html") -> MergeField:
    (found,) = merge_fields([(place, text)])
    return found


@pytest.mark.parametrize(
    ("tag", "name", "fallback"),
    [
        ("{{ pear }}", "pear", None),
        ("{{{pear}}}", "pear", None),
        ("{{ .Subscriber.Attribs.pear }}", "pear", None),
        ("{{ contact.PEAR | default : 'fruit' }}", "PEAR", "fruit"),
        ("{{ pear|default(&quot;fruit&quot;) }}", "pear", "fruit"),
        ("{{ pear or 'fruit' }}", "pear", "fruit"),
        ("{{ pear ?? 'fruit' }}", "pear", "fruit"),
        ("{{ pear | default: '' }}", "pear", None),
        ("{{${pear} | default: 'fruit'}}", "pear", "fruit"),
        ("{{var:pear:'fruit'}}", "pear", "fruit"),
        ("[[data:pear]]", "pear", None),
        ("{{lead.Pear Tree:default=fruit}}", "Pear Tree", "fruit"),
        ("{{ personalization_token('contact.pear', 'fruit') }}", "pear", "fruit"),
        ("{{insert 'pear' 'default=fruit'}}", "pear", "fruit"),
        ("*|PEAR|*", "PEAR", None),
        ("*|TITLE:PEAR|*", "PEAR", None),
        ("%%Pear Tree%%", "Pear Tree", None),
        ("%PEAR%", "PEAR", None),
        ("%recipient.pear%", "pear", None),
        ("{contactfield=pear|fruit}", "pear", "fruit"),
        ("{subtag:pear|ucfirst}", "pear", None),
        ("[subscriber:pear | default:fruit]", "pear", "fruit"),
        ("[pear,fallback=fruit]", "pear", "fruit"),
        ("$[PEAR|fruit]$", "PEAR", "fruit"),
        ("{$pear|default:'fruit'}", "pear", "fruit"),
        ("{contact.pear}", "pear", None),
        ("{firstname|fruit}", "firstname", "fruit"),
        ("{{ имя }}", "имя", None),
        ("{{名前|default:'花'}}", "名前", "花"),
        ("{{${pear}}}", "pear", None),
        ("[subscriber:pear | default:]", "pear", None),
        ("<%= pear %>", "pear", None),
        ('${pear!"fruit"}', "pear", "fruit"),
        ('${(pear)!"fruit"}', "pear", "fruit"),
        ("{% assign plum = pear | default: 'fruit' %}{{ plum }}", "pear", "fruit"),
    ],
)
def test_a_tag_names_its_field_and_what_stands_for_it(tag: str, name: str, fallback: str | None) -> None:
    found = only(f"<p>For you: {tag}.</p>")
    assert (found.name, found.uses[0].fallback) == (name, fallback)
    assert found.is_safe == bool(fallback)


@pytest.mark.parametrize(
    ("text", "is_guarded"),
    [
        ("{% if pear %}{{ pear }}{% endif %}", True),
        ("{% if pear == 'x' and plum %}{{ pear }}{% endif %}", True),
        ("{% if plum %}{{ pear }}{% endif %}", False),
        ("{% if pear %}a{% else %}{{ pear }}{% endif %}", False),
        ("{% if pear == '' %}a{% else %}{{ pear }}{% endif %}", True),
        ("{% if pear == blank %}{{ pear }}{% endif %}", False),
        ("{% unless pear == blank %}{{ pear }}{% endunless %}", True),
        ("{% if not pear %}a{% else %}{{ pear }}{% endif %}", True),
        ("{% if pear is none %}a{% elsif plum %}{{ pear }}{% endif %}", True),
        ("{% if pear or plum %}{{ pear }}{% endif %}", False),
        ("{% if plum and not pear %}{{ pear }}{% endif %}", False),
        ("{% if pear == 'x' or pear == 'y' %}{{ pear }}{% endif %}", True),
        ("{% if pear != 'x' %}{{ pear }}{% endif %}", False),
        ("{% if not pear or not plum %}a{% else %}{{ pear }}{% endif %}", True),
        ("{{ if or .Pear .Plum }}{{ .Pear }}{{ end }}", False),
        ('{{ if and (ne .Pear "") .Plum }}{{ .Pear }}{{ end }}', True),
        ("{{#if (eq pear '')}}a{{else}}{{pear}}{{/if}}", True),
        ("*|IF:PEAR!=x|**|PEAR|**|END:IF|*", False),
        ("*|IF:PEAR=|*a*|ELSE:|**|PEAR|**|END:IF|*", True),
        ("{% if pear %}{% case plum %}{% when 1 %}a{% endcase %}{{ pear }}{% endif %}", True),
        ("{% assign plum = pear %}{% if plum %}{{ plum }}{% endif %}", True),
        ("{% if pear %}{% set it = pear %}{% else %}{% set it = 'x' %}{% endif %}{{ it }}", True),
        ("{% set it = pear %}{{ it }}", False),
        ("{% if pear is not none and pear != '' %}{{ pear }}{% endif %}", True),
        ("{% if pear.size == 0 %}a{% else %}{{ pear }}{% endif %}", True),
        ('{{ if eq .Subscriber.Pear "" }}a{{ else }}{{ .Subscriber.Pear }}{{ end }}', True),
        ("{if !$pear}a{else}{$pear}{/if}", True),
        ("{% unless pear %}a{% else %}{{ pear }}{% endunless %}", True),
        ("{% if plum %}a{% elif pear %}{{ pear }}{% endif %}", True),
        ("{% if pear %}a{% endif %}{{ pear }}", False),
        ("{{#if pear}}{{pear}}{{/if}}", True),
        ("{{#pear}}{{pear}}{{/pear}}", True),
        ("{{^pear}}{{pear}}{{/pear}}", False),
        ("{{ if .Pear }}{{ .Pear }}{{ end }}", True),
        ("*|IF:PEAR|*Dear *|PEAR|**|END:IF|*", True),
        ("*|IFNOT:PEAR|*a*|ELSE:|**|PEAR|**|END:IF|*", True),
        ("{if $pear}{$pear}{/if}", True),
    ],
)
def test_a_condition_on_the_same_field_guards_it(text: str, is_guarded: bool) -> None:  # noqa: FBT001
    assert only(text).uses[0].is_guarded == is_guarded


@pytest.mark.parametrize(
    "text",
    [
        "{% for pot in pots %}{{ pot.title }} {{ forloop.index }}{% endfor %}",
        "{{#each pots}}{{price}} {{this}}{{/each}}",
        "{{ range .Pots }}{{ .Price }}{{ end }}",
        "{% set plum = 'x' %}{{ plum }}",
        "*|LIST:ADDRESS|* *|UNSUB|* *|CURRENT_YEAR|* *|MC_SUBJECT|*",
        "{{ unsubscribe }} {{ UnsubscribeURL }} {unsubscribe_text} [UNSUBSCRIBEURL] %%view_email_url%%",
        "<style>a{{ pear }}</style><!-- {{ plum }} -->",
        "{# {{ pear }} #}{{!-- {{ pear }} --}}{% comment %}{{ pear }}{% endcomment %}{% raw %}{{ pear }}{% endraw %}",
        "{{t 'hello'}} {{formatDate day 'x'}}",
    ],
)
def test_loops_system_fields_and_what_nobody_sees_are_no_columns(text: str) -> None:
    assert merge_fields([("html", text)]) == ()


def test_the_place_and_the_greeting_are_known() -> None:
    greeting = only("<p>Dear <b>{{ pear }}</b>,</p>").uses[0]
    assert greeting.is_greeting
    assert not only("<p>The dearest {{ pear }}</p>").uses[0].is_greeting
    subject = only("{{ pear }}, come", place="subject").uses[0]
    assert (subject.is_prominent, subject.is_greeting) == (True, False)


def test_one_field_gathers_all_its_uses() -> None:
    (found,) = merge_fields([("subject", "{{ First_Name }}"), ("html", "{{ first name | default:'x' }}")])
    assert [use.place for use in found.uses] == ["subject", "html"]
    assert not found.is_safe


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        "<style",
        "<!--",
        "{#",
        "{% raw",
        "{{!--",
        "{% if (((((a",
        "{% set b = a %}",
        "{{ a }}",
        "{% if a %}",
        "{% for a in b %}{{ a }}",
        "dear {{a}}",
    ],
)
def test_very_many_tags_are_few_fields(piece: str) -> None:
    assert len(merge_fields([("html", piece * 50_000)])) <= MOST_FIELDS
