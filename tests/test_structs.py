"""Values are msgspec structs, which take `dataclasses.field` for the default itself; mypy does not tell."""

from __future__ import annotations

import ast
import re
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src/mailaudit"
TAKES_FIELD = re.compile(r"^from dataclasses import .*\bfield\b", re.MULTILINE)


def test_no_struct_has_the_field_of_a_data_class_for_a_default() -> None:
    wrong = [
        f"{file.relative_to(SOURCE)}:{line}"
        for file in SOURCE.rglob("*.py")
        if TAKES_FIELD.search(text := file.read_text(encoding="utf-8")) and "Struct" in text
        for line in _fields_of_structs(text)
    ]
    assert wrong == []


def test_such_a_default_would_be_found() -> None:
    taken = "class Seen(Struct, frozen=True):\n    names: dict[str, str] = field(default_factory=dict)\n"
    assert _fields_of_structs(taken) == [2]


def _fields_of_structs(text: str) -> list[int]:
    return [
        line.lineno
        for declared in ast.parse(text).body
        if isinstance(declared, ast.ClassDef) and any(word.arg == "frozen" for word in declared.keywords)
        for line in declared.body
        if isinstance(line, ast.AnnAssign) and isinstance(line.value, ast.Call)
        if isinstance(line.value.func, ast.Name) and line.value.func.id == "field"
    ]
