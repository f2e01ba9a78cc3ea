"""Reads what is no Python: the texts of the knowledge base, the pages of the checks, the templates of the HTML report."""

import ast
import re
from collections.abc import Iterator
from typing import Any

import yaml
from jinja2 import Environment, nodes

from mailaudit.language.parts import paragraphs
from mailaudit.reports.content.check_page import section, words_only

# The keys of the knowledge base under which people are told something.
_TOLD = {
    "blocklists": {"means", "steps", "before", "usage", "duration", "worse", "status", "note"},
    "providers": {"text", "meaning"},
    "dns_hosts": {"traps"},
    "limits": {"consequence", "name", "sources"},
    "limiters": {"setting"},
    "mailboxes": {"condition", "text"},
    "parking": {"means"},
    "software": {"meaning", "name"},
}
_WORD = re.compile(r"[A-Za-z]{2}")
_SENTENCE = re.compile(r"[a-z]{2,} ")


def of_knowledge(name: str, source: str) -> Iterator[str]:
    """Yield the texts of a file of the knowledge base."""
    told = _TOLD.get(name, set())
    for key, text in _texts(yaml.load(source, yaml.CSafeLoader), "") if told else ():
        # Of names only those that describe: “it repeats the address”, not “OVHcloud mailbox”.
        if key in told and _SENTENCE.search(text) and (key != "name" or text[0].islower()):
            yield text


def of_check(source: str) -> Iterator[str]:
    """Yield what is told of a check's page: its title, why it matters, and how to mend it."""
    doc = ast.get_docstring(ast.parse(source)) or ""
    if "## How to fix" in doc:
        yield doc.partition("\n")[0]
        yield from (words_only(text) for _, text in paragraphs(section(doc, "Why it matters")))
        yield from (text for _, text in paragraphs(section(doc, "How to fix")))


def of_template(source: str) -> Iterator[str]:
    """Yield the texts of a Jinja template that are put out by an expression, with its values as placeholders."""
    tree = Environment(autoescape=True).parse(source)
    for output in tree.find_all(nodes.Output):
        for node in output.nodes:
            if not isinstance(node, nodes.TemplateData):
                yield from (text for text in _told(node) if _WORD.search(text))


def _told(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, nodes.Concat):
        yield "".join(one.value if isinstance(one, nodes.Const) else f"{{{_name(one)}}}" for one in node.nodes)
    elif isinstance(node, nodes.Filter) and node.name == "whole" and node.node is not None:
        yield from _told(node.node)
    elif isinstance(node, nodes.CondExpr):
        yield from _told(node.expr1)
        yield from _told(node.expr2) if node.expr2 else ()
    elif isinstance(node, (nodes.Or, nodes.And)):
        yield from _told(node.left)
        yield from _told(node.right)


def _name(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return _name(node.node) if node.attr in {"value", "name"} else str(node.attr)
    if isinstance(node, nodes.Filter) and node.node is not None:
        return "number" if node.name == "length" else _name(node.node)
    if isinstance(node, nodes.Call) and node.args:
        return _name(node.args[0])
    if isinstance(node, (nodes.Or, nodes.And)):
        return _name(node.left)
    return str(node.name) if isinstance(node, nodes.Name) else "value"


def _texts(value: Any, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, key if key == "sources" else str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, key)
    elif isinstance(value, str):
        yield key, value
