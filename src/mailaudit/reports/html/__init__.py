"""The report as one HTML file: no script, no request, readable on screen, in the dark and on paper."""

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from mailaudit.language.spoken import form, said, spoken
from mailaudit.reports.content import words
from mailaudit.reports.content.provider_rules import consequence, is_unseen
from mailaudit.reports.document.types import Document
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.html.view import view
from mailaudit.reports.safe_text import plain

# One check may be open for thousands of domains; the JSON report names them.
SUBJECTS_AT_MOST = 12
_TICKS = re.compile(r"`([^`]+)`")


def render(document: Document, options: RenderOptions) -> str:
    """Return the report as an HTML page; the options change nothing."""
    del options
    return page("report.html.j2", v=view(document))


def page(name: str, **values: object) -> str:
    """Return a page of a template with the style that its policy allows."""
    style = _resource("style.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = _environment().get_template(name)
    return (
        template.render(**values, language=spoken(), style=style, style_hash=f"sha256-{digest}").rstrip("\n")
        + "\n"
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_resource),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=_harmless,
    )
    environment.filters["consequence"] = consequence
    environment.tests["unseen"] = is_unseen
    environment.filters["few"] = lambda names: words.listed(list(names), SUBJECTS_AT_MOST)
    environment.filters["ticks"] = _ticks
    # A name of the reader's own is no text of ours, and what is whole does not break.
    environment.filters["own"] = lambda text: escape(plain(str(text)))
    environment.filters["joint"] = lambda sign: Markup(escape(form("joint", sign)))  # noqa: S704 - escaped
    environment.filters["whole"] = lambda text: plain(said(text)).replace(" ", "\u00a0")
    environment.filters["sentence"] = lambda text: text[:1].upper() + text[1:]
    return environment


def _ticks(text: str) -> Markup:
    """Return a text with what stands between backticks as code."""
    return Markup(_TICKS.sub(r"<code>\1</code>", str(escape(plain(said(text))))))  # noqa: S704 - escaped just before


@pass_context  # or what is constant would be said when the template is compiled
def _harmless(_: Context, value: object) -> object:
    """Return what is not markup of our own in the language that is spoken, without control characters but line breaks."""
    return (
        value
        if hasattr(value, "__html__")
        else "\n".join(plain(line) for line in said(value if isinstance(value, str) else str(value)).split("\n"))
    )


@cache
def _resource(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")
