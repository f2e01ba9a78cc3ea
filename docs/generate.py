"""Write docs/checks.md from the checks' own documentation, or say that it is stale.

Run `python docs/generate.py` to write, `python docs/generate.py --check` to compare.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mailaudit.checks.registry import Check, all_checks

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "checks.md"
INTRODUCTION = """# Checks

Written by `docs/generate.py` from the checks themselves; `mailaudit explain NAME` shows the same text.
"""
FAMILIES = {
    "sender": "Sender: authentication, identity and standing",
    "recipients": "Recipients: the list",
    "volume": "Volume: the flow over time",
    "message": "Message: what people receive",
    "gate": "Gate: ignore entries",
}


def main() -> int:
    """Write the page, or return 1 when `--check` finds it stale."""
    text = page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write("docs/checks.md is stale: run `python docs/generate.py`\n")
    return 1


def page() -> str:
    """Return the whole page."""
    declared = list(all_checks().values())
    parts = [INTRODUCTION]
    for family in dict.fromkeys(item.family for item in declared):
        members = [item for item in declared if item.family == family]
        parts.append(f"## {FAMILIES.get(family, family)}\n\n" + _table(members))
        parts.extend(_entry(item) for item in members)
    return "\n".join(parts)


def _table(members: list[Check]) -> str:
    rows = [f"| [{item.name}](#{item.name}) | {item.severity.value} | {item.title} |" for item in members]
    return "\n".join(["| check | severity | what is wrong |", "|---|---|---|", *rows, ""])


def _entry(item: Check) -> str:
    body = item.doc.partition("\n")[2].strip().replace("\n## ", "\n#### ")
    body = f"#### {body[3:]}" if body.startswith("## ") else body
    needs = f" · needs {', '.join(item.needs)}" if item.needs else ""
    example = f"tests/checks/{item.family}/{item.name}.md"
    seen = f"\n\nExamples: [{item.name}.md](../{example})" if (ROOT / example).exists() else ""
    return f"### {item.name}\n\n*{item.severity.value}{needs}* · {item.title}\n\n{body}{seen}\n"


if __name__ == "__main__":
    sys.exit(main())
