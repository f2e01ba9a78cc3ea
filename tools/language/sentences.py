"""Reads the sentences of the program out of its source: every form that an f-string can take becomes a message.

What a condition chooses between becomes two messages, a counted noun (`numbered(n, "mail")`) a message with plural forms, and
every other value a named placeholder; so whole sentences reach whoever translates them, and the source stays plain f-strings.
"""

import ast
import itertools
import re
from collections import defaultdict
from collections.abc import Iterator

from tools.language.forms import Form, Message, Slot, messages
from tools.language.syntax import (
    COUNTING,
    TRANSPARENT,
    above,
    called,
    condition,
    is_step,
    is_textual,
    is_told,
    is_untold,
    is_written_out,
    name_of,
    several,
)

from mailaudit.reports.tasks.titles import in_short

# A sentence of more forms is said with a placeholder for the part that varies most.
_FORMS_AT_MOST = 24
_VALUES_AT_MOST = 3
_FILLED = re.compile(r"\{([a-z_]+)\}")
_UNKNOWN = ast.Name("?")


def sentences(source: str) -> list[Message]:
    """Return the messages of a module, in the order of their lines."""
    return sorted(_Reader(ast.parse(source)).read(), key=lambda message: message.line)


class _Reader:
    """Reads one module; remembers what its names stand for, and which texts are parts of longer ones."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._nodes = list(ast.walk(tree))
        self._parents = {child: parent for parent in self._nodes for child in ast.iter_child_nodes(parent)}
        self._values: dict[tuple[ast.AST, str], list[ast.expr]] = defaultdict(list)
        self._nouns: list[Message] = []
        self._parts: set[ast.AST] = set()
        self._formats = any(called(node) == "format" for node in self._nodes)
        for node in self._nodes:
            self._note_assignment(node)

    def read(self) -> Iterator[Message]:
        """Yield every message; what was only ever a part of another one is none of its own."""
        tops = [node for node in self._nodes if isinstance(node, ast.expr) and self._is_top(node)]
        for node, forms in [(node, self._forms(node)) for node in tops]:
            if not self._parts & {node, *above(node, self._parents)}:
                found = list(messages(forms, node.lineno, told=is_told(node, self._parents)))
                yield from found
                if is_step(node, self._parents):
                    yield from (Message(short, None, node.lineno) for one in found for short in _titles(one))
        for call in self._nodes:
            if isinstance(call, ast.Call) and called(call) in COUNTING:
                self._of_call(call, frozenset())
        yield from self._nouns

    def _note_assignment(self, node: ast.AST) -> None:
        targets: list[ast.AST] = []
        value: ast.expr = _UNKNOWN
        if isinstance(node, ast.Assign):
            targets, is_plain = list(node.targets), isinstance(node.targets[0], ast.Name)
            value = node.value if is_plain else _UNKNOWN
        elif isinstance(node, ast.AnnAssign) and node.value:
            targets, value = [node.target], node.value
        elif isinstance(node, (ast.For, ast.comprehension, ast.AugAssign, ast.NamedExpr)):
            targets = [node.target]
        elif isinstance(node, ast.withitem) and node.optional_vars:
            targets = [node.optional_vars]
        elif isinstance(node, ast.arg):
            targets = [ast.Name(node.arg)]
        for name in (one for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)):
            self._values[self._scope(node), name.id].append(value)

    def _scope(self, node: ast.AST) -> ast.AST:
        functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
        return next((one for one in above(node, self._parents) if isinstance(one, functions)), self._tree)

    def _is_top(self, node: ast.expr) -> bool:
        """Say whether an expression is a text of its own: nothing around it goes on with the text."""
        if not is_textual(node):
            return False
        for parent in above(node, self._parents):
            if isinstance(parent, ast.stmt):
                break
            if (isinstance(parent, ast.JoinedStr) and isinstance(node, ast.Constant)) or (
                isinstance(parent, ast.BinOp) and is_textual(parent)
            ):
                return isinstance(node, ast.Constant) and self._is_inside_value(node)
        return not is_untold(node, self._parents)

    def _is_inside_value(self, node: ast.expr) -> bool:
        """Say whether a text is an argument or a choice within a value of a longer text, and not a piece of it."""
        parent = self._parents[node]
        return not isinstance(parent, (ast.JoinedStr, ast.BinOp)) and not is_untold(node, self._parents)

    def _forms(self, node: ast.expr, seen: frozenset[str] = frozenset()) -> list[Form]:
        """Return the forms that an expression can take; one slot where it is no text."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return [Form(self._pieces(node.value))]
        if isinstance(node, ast.JoinedStr):
            return self._joined(node, [self._forms(part, seen) for part in node.values])
        if isinstance(node, ast.FormattedValue):
            is_shaped = node.format_spec is not None or node.conversion == ord("r")
            return [_slot(node.value)] if is_shaped else self._part(node.value, seen)
        if isinstance(node, ast.BinOp) and is_textual(node):
            return self._joined(node, [self._part(node.left, seen), self._part(node.right, seen)])
        return self._by_kind(node, seen)

    def _pieces(self, text: str) -> tuple[str | Slot, ...]:
        """Return a text as it is; one that `format` fills has its own placeholders."""
        if not self._formats or not _FILLED.search(text):
            return (text.replace("{", "{{").replace("}", "}}"),) if text else ()
        found = _FILLED.split(text)
        return tuple(Slot(piece, piece) if place % 2 else piece for place, piece in enumerate(found) if piece)

    def _by_kind(self, node: ast.expr, seen: frozenset[str]) -> list[Form]:
        if isinstance(node, ast.IfExp):
            return self._chosen(node, seen)
        if isinstance(node, ast.Call):
            return self._of_call(node, seen)
        return self._of_name(node, seen) if isinstance(node, ast.Name) else [_slot(node)]

    def _part(self, node: ast.expr, seen: frozenset[str]) -> list[Form]:
        found = self._forms(node, seen)
        if any(form.is_written for form in found):
            self._parts.add(node)
        return found

    def _chosen(self, node: ast.IfExp, seen: frozenset[str]) -> list[Form]:
        test, truth = condition(node.test)
        found = []
        for arm, holds in ((node.body, truth), (node.orelse, not truth)):
            before = Form((), ((test, holds),))
            found += [form for one in self._forms(arm, seen) if (form := before.joined(one)) is not None]
        return found if any(form.is_written for form in found) else [_slot(node)]

    def _of_call(self, node: ast.Call, seen: frozenset[str]) -> list[Form]:
        name = called(node)
        nouns = [
            one.value for one in node.args[1:] if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
        if name in COUNTING and nouns:
            return self._counted(node, COUNTING[name], nouns)
        if node.args and (name == "word" or (name in TRANSPARENT and not isinstance(node.args[0], ast.Call))):
            found = self._forms(node.args[0], seen)
            return found if any(form.is_written for form in found) else [_slot(node)]
        return [_slot(node)]

    def _counted(self, node: ast.Call, before: tuple[str, str], nouns: list[str]) -> list[Form]:
        one, many = before[0] + nouns[0], before[1] + (nouns[1] if len(nouns) > 1 else several(nouns[0]))
        number = ast.unparse(node.args[0])
        around = next(
            one for one in above(node, self._parents) if isinstance(one, (ast.Call, ast.stmt)) or is_textual(one)
        )
        if not is_textual(around):
            self._nouns.append(Message(one, many, node.lineno))
        found = []
        for told, is_one in ((one, True), (many, False)):
            head, hole, tail = told.partition("{n}")
            pieces = (head, Slot("n", number), tail) if hole else (told,)
            found.append(Form(tuple(piece for piece in pieces if piece != ""), ((f"{number} == 1", is_one),)))
        return found

    def _of_name(self, node: ast.Name, seen: frozenset[str]) -> list[Form]:
        values = self._values.get((self._scope(node), node.id)) or self._values.get((self._tree, node.id), [])
        if node.id in seen or not 0 < len(values) <= _VALUES_AT_MOST or not all(map(self._is_written_out, values)):
            return [_slot(node)]
        found = [form for value in values for form in self._forms(value, seen | {node.id})]
        if len(found) > _FORMS_AT_MOST:
            return [_slot(node)]
        if self._is_only_joined(node):
            self._parts.update(values)
        return found if len(values) == 1 else [Form(form.pieces) for form in found]

    def _forget(self, node: ast.expr) -> None:
        """Take back that a text was read as a part: it is a value after all."""
        names = [one for one in ast.walk(node) if isinstance(one, ast.Name)]
        values = [value for name in names for value in self._values.get((self._scope(node), name.id), [])]
        self._parts -= {one for top in (node, *values) for one in ast.walk(top)}

    def _is_written_out(self, value: ast.expr) -> bool:
        """Say whether a value is written out, here or as a constant of the module."""
        constants = self._values.get((self._tree, value.id), []) if isinstance(value, ast.Name) else [value]
        return bool(constants) and all(map(is_written_out, constants))

    def _is_only_joined(self, node: ast.Name) -> bool:
        """Say whether a name is nowhere a text of its own."""
        scope = self._scope(node)
        uses = (
            one
            for one in ast.walk(scope)
            if isinstance(one, ast.Name) and one.id == node.id and isinstance(one.ctx, ast.Load)
        )
        return all(any(map(is_textual, above(one, self._parents))) for one in uses)

    def _joined(self, node: ast.expr, parts: list[list[Form]]) -> list[Form]:
        """Return every combination of the parts that can be true; what varies most is a slot when they are too many."""
        found = [Form(())]
        for part in parts:
            both = (one.joined(other) for one, other in itertools.product(found, part))
            found = [form for form in both if form is not None]
            if len(found) > _FORMS_AT_MOST:
                widest = max(range(len(parts)), key=lambda place: len(parts[place]))
                inner = node.values[widest] if isinstance(node, ast.JoinedStr) else node
                self._forget(inner)
                return self._joined(node, [*parts[:widest], [_slot(inner)], *parts[widest + 1 :]])
        return found


def _titles(step: Message) -> Iterator[str]:
    """Yield what the titles of tasks make of a step."""
    for text in filter(None, (step.one, step.many)):
        for below in ("", "the proposed records", "the {kind} record {name}"):
            short = in_short(text, below)
            if short not in {text, text.removesuffix(".")} and not short.endswith("…"):
                yield short
        lead, colon, rest = in_short(text).partition(": ")
        if colon and "{" in rest:  # what may be too long for a title
            yield lead


def _slot(node: ast.expr) -> Form:
    return Form((Slot(name_of(node), ast.unparse(node)),))
