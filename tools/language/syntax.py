"""What the reader of sentences asks of Python's syntax tree."""

import ast
import re
from collections.abc import Iterator, Mapping

# Functions that put a number and a noun together, and what stands before each form.
COUNTING = {"plural": ("{n} ", "{n} "), "numbered": ("{n} ", "{n} "), "those": ("the ", "the {n} ")}
# Functions that change nothing of what their first argument says.
TRANSPARENT = set("plain str len sum max min round clip shorten sorted int shown repr".split())
_BARE = set("capitalize lower rstrip strip removesuffix replace".split())
_GENERIC = set("name value count total text id".split())
_UNTOLD_CALLS = set(
    """
    compile search match fullmatch sub split partition rpartition startswith endswith removesuffix removeprefix replace
    find index count execute executemany query sql fetch rows scalar getattr hasattr setdefault strip lstrip rstrip encode
    key Field flag option file_option argument Choice Path entry_points files import_module environ TypeVar NewType
    namedtuple debug strptime strftime fromisoformat glob rglob joinpath open warn filterwarnings
    """.split()
)
_UNTOLD_ERRORS = set("TypeError AssertionError RuntimeError KeyError NotImplementedError AttributeError".split())
_CODE_NAME = re.compile(r"__|(?:^|_)(SQL|RE|PATTERN|QUERY|STATEMENT|SCRIPT)$")
# Arguments that people read, whatever they look like.
_TOLD = set("message title passed todo reason label what text hint why".split())
_TOLD_AT = {"word": 0, "Evidence": 0, "about": 1, "problem": 0, "limit_problem": 3}
# Calls that tell the steps of a fix, and at which argument these begin.
_STEPS_FROM = {"Fix": 0, "by": 0, "about": 2, "problem": 1, "limit_problem": 4}

_STEPS = re.compile(r"step|fix|advice|todo|remed|mend|cure")

Parents = Mapping[ast.AST, ast.AST]


def above(node: ast.AST, parents: Parents) -> Iterator[ast.AST]:
    """Yield what a node stands in, from the inside out."""
    while node in parents:
        node = parents[node]
        yield node


def called(node: ast.AST | None) -> str:
    """Return the last name of the function that a call calls; empty when it is no call."""
    if not isinstance(node, ast.Call):
        return ""
    return str(getattr(node.func, "attr", None) or getattr(node.func, "id", ""))


def is_textual(node: ast.AST) -> bool:
    """Say whether an expression is a text that is written out, wholly or in part."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return is_textual(node.left) or is_textual(node.right)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def is_written_out(node: ast.expr) -> bool:
    """Say whether a value is a text, a choice of texts or a counted noun."""
    if isinstance(node, ast.IfExp):
        return is_written_out(node.body) and is_written_out(node.orelse)
    return called(node) in COUNTING or is_textual(node)


def is_untold(node: ast.AST, parents: Parents) -> bool:
    """Say whether a text stands where nobody reads it: docstrings, keys, queries, patterns, options of the command line."""
    child = node
    for parent in above(node, parents):
        if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return child in parent.decorator_list and called(child) != "check"
        if _hides(parent, child):
            return True
        child = parent
    return False


def _hides(parent: ast.AST, child: ast.AST) -> bool:
    if isinstance(parent, ast.Call):
        of_struct = called(parent) == "replace" and isinstance(parent.func, ast.Name)
        return child is not parent.func and called(parent) in _UNTOLD_CALLS and not of_struct
    if isinstance(parent, (ast.Attribute, ast.Raise)):
        return (
            getattr(parent, "attr", "") in {"split", "join"}
            or called(getattr(parent, "exc", None)) in _UNTOLD_ERRORS
        )
    if isinstance(parent, ast.Dict):
        return any(child is key for key in parent.keys)
    if isinstance(parent, (ast.Assign, ast.AnnAssign)):
        target = parent.targets[0] if isinstance(parent, ast.Assign) else parent.target
        return isinstance(target, ast.Name) and _CODE_NAME.search(target.id) is not None
    if isinstance(parent, ast.Expr):
        return isinstance(child, ast.Constant)
    return isinstance(parent, (ast.Compare, ast.MatchValue, ast.Subscript, ast.arguments, ast.Assert))


def is_step(node: ast.AST, parents: Parents) -> bool:
    """Say whether a text is a step of a fix, of which the title of a task may be made."""
    child = node
    for parent in above(node, parents):
        if isinstance(parent, ast.Call) and called(parent) in _STEPS_FROM:
            is_argument = child in parent.args[_STEPS_FROM[called(parent)] :]
            return is_argument or getattr(child, "arg", "") == "otherwise"
        if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return _STEPS.search(parent.name) is not None
        if isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Name):
            return _STEPS.search(parent.targets[0].id.lower()) is not None
        child = parent
    return False


def is_told(node: ast.AST, parents: Parents) -> bool:
    """Say whether people read an argument whatever it looks like: a message, a label, a marked word."""
    child = node
    for parent in above(node, parents):
        if isinstance(parent, ast.keyword):
            return parent.arg in _TOLD
        if isinstance(parent, ast.Dict):
            return any(map(_is_phrase, parent.values))
        if isinstance(parent, ast.Call):
            place = _TOLD_AT.get(called(parent), len(parent.args))
            return parent.args[place : place + 1] == [child]
        if not isinstance(parent, ast.IfExp):
            return False
        child = parent
    return False


def _is_phrase(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and bool(re.search(r"^[A-Za-z]?[a-z]+ [a-z]+", str(node.value)))


def condition(test: ast.expr) -> tuple[str, bool]:
    """Return a condition in one spelling, and whether it stands as it is or turned round."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        source, truth = condition(test.operand)
        return source, not truth
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], (ast.Gt, ast.NotEq)):
        turned = ast.unparse(ast.Compare(test.left, [ast.Eq()], test.comparators))
        return (turned, False) if turned.endswith(" == 1") else (ast.unparse(test), True)
    return ast.unparse(test), True


def several(noun: str) -> str:
    """Return the plural that the counting functions make of a noun by themselves."""
    return f"{noun}es" if noun.endswith("s") else f"{noun}s"


def name_of(node: ast.AST) -> str:
    """Return a readable name for the placeholder of a value."""
    if isinstance(node, ast.Attribute):
        inner = name_of(node.value)
        return inner if node.attr in _GENERIC and inner not in {"self", "value"} else node.attr.strip("_").lower()
    if isinstance(node, ast.Name):
        return node.id.strip("_").lower() or "value"
    if isinstance(node, ast.Call):
        return _name_of_call(node)
    inside = _inside(node)
    return name_of(inside) if inside is not None else "value"


def _name_of_call(node: ast.Call) -> str:
    name = called(node).strip("_")
    if name in COUNTING and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
        return re.sub(r"\W+", "_", several(str(node.args[1].value))).strip("_").lower()
    if name in TRANSPARENT | {"join", "listed"} and node.args:
        return name_of(node.args[0])
    if isinstance(node.func, ast.Attribute) and name in _BARE:
        return name_of(node.func.value)
    return name.lower() or "value"


def _inside(node: ast.AST) -> ast.AST | None:
    """Return the part of an expression that names it best."""
    if isinstance(node, (ast.FormattedValue, ast.Subscript, ast.Starred)):
        return node.value
    if isinstance(node, (ast.GeneratorExp, ast.ListComp)):
        return node.generators[0].iter
    if isinstance(node, ast.BoolOp):
        return node.values[0]
    if isinstance(node, ast.BinOp):
        return node.right if isinstance(node.left, ast.Constant) else node.left
    if isinstance(node, ast.IfExp):
        return node.orelse if isinstance(node.body, ast.Constant) else node.body
    return None
