"""Compiles the catalogues of the languages when the program is built or installed."""

from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def compiled(file: Path) -> bytes:
    """Return a catalogue (.po) as the program reads it (.mo)."""
    written = BytesIO()
    with file.open("rb") as opened:
        write_mo(written, read_po(opened, locale=file.parts[-3]))
    return written.getvalue()


class CompileCatalogues(BuildHookInterface[Any]):
    """Writes each .mo file beside its .po file; the wheel takes it along though git does not know it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile every catalogue before anything is packed."""
        del version
        for file in Path(self.root).glob("src/mailaudit/language/locale/*/LC_MESSAGES/*.po"):
            file.with_suffix(".mo").write_bytes(compiled(file))
        build_data["artifacts"].append("src/mailaudit/language/locale/**/*.mo")
