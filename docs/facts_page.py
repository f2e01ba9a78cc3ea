"""The page of the facts that a check may read, from the sources of their types."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src"
FIRST = ("mailaudit.facts.facts", "Facts")
INTRODUCTION = """# What a check may read

Written by `docs/generate.py` from the types themselves. A check gets `facts`, a `mailaudit.checks.rule.Facts`; an editor
completes what is below, and `facts.campaign` is [the campaign file](campaign-file.md). Nothing here is judged, and nothing
can be changed.

Reading what nobody could look up, what the campaign does not give, or what does not apply raises `Unavailable`, `NotGiven`
or `NotApplicable`, and the check gets that outcome: catch none of them. An `Observed[T]` is read by `.get()`, which raises;
its `.value` is `None` then.
"""
_NAME = re.compile(r"[A-Z]\w+")
# How anything is observed; the introduction tells it.
_LEFT_OUT = frozenset({"Observed", "NotGiven", "Unavailable"})
Type = tuple[str, str]


def page() -> str:
    """Return the whole page: each type that can be reached, the nearest first."""
    told = [FIRST]
    for found in told:
        told += [one for one in _reached(found).values() if one not in told]
    names = [name.lower() for _, name in told]
    anchors = {
        one: f"{names[place]}-{names[:place].count(names[place])}"
        if names[place] in names[:place]
        else names[place]
        for place, one in enumerate(told)
    }
    return "\n".join([INTRODUCTION, *(_entry(one, anchors) for one in told)])


@cache
def _module(name: str) -> tuple[dict[str, ast.ClassDef], dict[str, str]]:
    """Return the classes of a module of the facts, and from which of them it imports what."""
    file = SOURCE / f"{name.replace('.', '/')}.py"
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8")))) if file.exists() else []
    classes = {one.name: one for one in nodes if isinstance(one, ast.ClassDef)}
    imported = {
        alias.name: one.module or ""
        for one in nodes
        if isinstance(one, ast.ImportFrom) and (one.module or "").startswith("mailaudit.facts.")
        for alias in one.names
    }
    return classes, imported


def _reached(found: Type) -> dict[str, Type]:
    """Return the types of the facts that the members of one are made of, by name."""
    module, name = found
    classes, imported = _module(module)
    names = _NAME.findall(" ".join(kind for _, kind, _ in _members(classes[name])))
    places = {one: module if one in classes else imported.get(one, "") for one in names if one not in _LEFT_OUT}
    return {one: (place, one) for one, place in places.items() if one in _module(place)[0]}


def _members(node: ast.ClassDef) -> Iterator[tuple[str, str, str]]:
    """Yield what can be read of a type: how it is written, its type, and what its documentation says of it."""
    for one in node.body:
        if (
            isinstance(one, ast.AnnAssign)
            and isinstance(one.target, ast.Name)
            and not one.target.id.startswith("_")
        ):
            yield one.target.id, ast.unparse(one.annotation), ""
        elif isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name) and _is_value(one):
            yield one.targets[0].id, ast.unparse(one.value), ""
        elif isinstance(one, ast.FunctionDef) and not one.name.startswith("_"):
            marks = {ast.unparse(mark).rpartition(".")[2] for mark in one.decorator_list}
            if marks & {"classmethod", "staticmethod"}:
                continue
            given = "" if marks & {"property", "cached_property"} else _given(one)
            said = (ast.get_docstring(one) or "").partition("\n")[0]
            yield f"{one.name}{given}", ast.unparse(one.returns) if one.returns else "", said


def _is_value(one: ast.Assign) -> bool:
    """Say whether an assignment is a member of an enumeration."""
    return isinstance(one.value, ast.Constant) and not ast.unparse(one.targets[0]).startswith("_")


def _given(one: ast.FunctionDef) -> str:
    names = [argument.arg for argument in (*one.args.posonlyargs, *one.args.args, *one.args.kwonlyargs)]
    return f"({', '.join(name for name in names if name != 'self')})"


def _entry(found: Type, anchors: Mapping[Type, str]) -> str:
    module, name = found
    node, reached = _module(module)[0][name], _reached(found)
    lines = [f"## {name}", "", f"`{module}`: {ast.get_docstring(node)}", ""]
    for one, kind, said in _members(node):
        to = next((anchors[reached[part]] for part in _NAME.findall(kind) if part in reached), "")
        lines.append(f"- `{one}`: {f'[`{kind}`](#{to})' if to else f'`{kind}`'}{f'. {said}' if said else ''}")
    return "\n".join(lines) + "\n"
