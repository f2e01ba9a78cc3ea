"""Write what the documentation shows of the program, or say that it is stale.

That is docs/checks.md, from the checks' own documentation, docs/facts.md, from the types of the facts, and in the other
pages the output of each command between `<!-- output of: COMMAND -->` (or with `, lines N to M` before `-->`) and
`<!-- end of output -->`; and the tree of rooms in CONTRIBUTING.md, from the first sentence of each package.

Run `python docs/generate.py` to write, `python docs/generate.py --check` to compare.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import facts_page

from mailaudit.checks.registry import Check, all_checks

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "checks.md"
FACTS = ROOT / "docs" / "facts.md"
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


# The moment of every audit that a page shows: the dates of the examples lie after it.
MOMENT = "1796032800"
OUTPUT = re.compile(
    r"(?P<head><!-- output of: (?P<command>[^\n]+?)(?:, lines (?P<first>\d+) to (?P<last>\d+))? -->\n)"
    r".*?(?P<tail><!-- end of output -->)",
    re.DOTALL,
)


ROOMS = re.compile(r"(?P<head><!-- the rooms -->\n).*?(?P<tail><!-- end of the rooms -->)", re.DOTALL)


def main() -> int:
    """Write the pages, or return 1 when `--check` finds one stale."""
    contributing = ROOT / "CONTRIBUTING.md"
    drawn = ROOMS.sub(
        lambda block: f"{block['head']}{rooms()}\n{block['tail']}", contributing.read_text(encoding="utf-8")
    )
    pages = {PAGE: page(), FACTS: facts_page.page(), contributing: drawn}
    for file in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        if file not in {PAGE, FACTS}:
            pages[file] = OUTPUT.sub(_with_output, file.read_text(encoding="utf-8"))
    stale = [file for file, text in pages.items() if not file.exists() or file.read_text(encoding="utf-8") != text]
    if "--check" not in sys.argv[1:]:
        for file in stale:
            file.write_text(pages[file], encoding="utf-8")
        return 0
    for file in stale:
        sys.stderr.write(f"{file.relative_to(ROOT)} is stale: run `python docs/generate.py`\n")
    return 1 if stale else 0


def _with_output(block: re.Match[str]) -> str:
    """Return the block with what the command prints today."""
    program, *args = shlex.split(block["command"])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAILAUDIT_")}
    done = subprocess.run(  # noqa: S603 - the commands stand in our own pages
        [sys.executable, "-m", program, *args],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**environment, "COLUMNS": "80", "NO_COLOR": "1", "PYTHONUTF8": "1", "SOURCE_DATE_EPOCH": MOMENT},
        check=False,
    )
    if done.stderr or not done.stdout:
        sys.exit(f"{block['command']}: {done.stderr}")
    lines = done.stdout.splitlines()
    if block["first"]:
        lines = lines[int(block["first"]) - 1 : int(block["last"])]
    shown = "\n".join(line.rstrip() for line in lines).strip("\n")
    return f"{block['head']}```text\n$ {block['command']}\n{shown}\n```\n{block['tail']}"


def rooms() -> str:
    """Return the tree of packages, each with the sentence that says what it is for."""
    source = ROOT / "src" / "mailaudit"
    lines: list[str] = []
    for file in sorted(source.rglob("__init__.py"), key=lambda found: found.parent.relative_to(source).parts):
        place = file.parent.relative_to(source)
        said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        if place.parts and "templates" not in place.parts:
            lines.append(f"{'  ' * (len(place.parts) - 1)}- `{place.name}/`: {said.splitlines()[0]}")
    return "\n".join(lines)


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
