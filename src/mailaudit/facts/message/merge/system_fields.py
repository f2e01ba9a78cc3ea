"""Fields that the sending program fills by itself: no list has a column for them."""

from mailaudit.knowledge.load import entries, kept
from mailaudit.knowledge.types.list_columns import ListColumnsFile


def is_system_field(key: str, written: str) -> bool:
    """Say whether the sending program fills a field by itself: by its comparable name, or by a part before a colon."""
    names, prefixes = _known()
    return key in names or (":" in written and written.lower().partition(":")[0].strip() in prefixes)


@kept
def _known() -> tuple[frozenset[str], frozenset[str]]:
    told = entries(ListColumnsFile)
    return frozenset(told.system_fields.split()), frozenset(told.system_prefixes.split())
