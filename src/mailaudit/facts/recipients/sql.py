"""How texts and names are written in SQL."""


def literal(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a name quoted as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def dotted(table: str) -> str:
    """Return the name of a table, which may have a schema and a catalogue, as identifiers."""
    return ".".join(identifier(part) for part in table.split("."))
