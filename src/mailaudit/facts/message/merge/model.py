"""What a template asks of the list, and what the list has for it."""

from msgspec import Struct


class Use(Struct, frozen=True):
    """One merge tag of a field: the tag as written, and where it stands (`subject`, `html`, `text`).

    `fallback` is what is read when the field is empty, nothing without one. `is_guarded` says that the tag stands in a
    condition on the same field, `is_greeting` that it follows the first words of a letter.
    """

    tag: str
    place: str
    fallback: str | None = None
    is_guarded: bool = False
    is_greeting: bool = False

    @property
    def is_safe(self) -> bool:
        """Whether an empty field leaves no gap."""
        return self.is_guarded or bool(self.fallback)

    @property
    def is_prominent(self) -> bool:
        """Whether everybody sees a gap at once."""
        return self.is_greeting or self.place == "subject"


class MergeField(Struct, frozen=True):
    """A field that a template wants filled: its name without prefixes, and every use of it.

    `is_certain` is false where the tag may as well call a function of the program.
    """

    name: str
    uses: tuple[Use, ...]
    is_certain: bool = True

    @property
    def is_safe(self) -> bool:
        """Whether an empty field leaves no gap anywhere."""
        return all(use.is_safe for use in self.uses)


class Cells(Struct, frozen=True):
    """What the cells of one column hold, over all messages; `longest` in characters.

    `empty` are those with nothing or with blanks, `nothing` those with a program's word for nothing (null, n/a);
    `gaps` counts both by mailbox provider. `with_markup`, `with_tags` and `with_address` hold what a message takes amiss.
    """

    rows: int
    empty: int
    nothing: int
    longest: int
    with_markup: int
    with_tags: int
    with_address: int
    gaps: tuple[tuple[str, int], ...] = ()


class Join(Struct, frozen=True):
    """One field, and the columns that may fill it: exactly one fills it, several must be chosen from.

    `is_by_name` is false where the names only mean the same (FNAME and first_name). `cells` is missing without a column.
    """

    field: str
    columns: tuple[str, ...]
    is_by_name: bool = True
    cells: Cells | None = None
