"""The option that every command has: the language in which people are told."""

import click
from click.core import ParameterSource

from mailaudit.cli.streams import say
from mailaudit.language.spoken import ENGLISH, of_system, speak

_ASKED = "mailaudit.language"


def _speak(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Speak the language that was typed, also in front of the command, else that of the environment.

    Only a typed one is asked for: what programs read does not change with the shell that starts them.
    """
    if ctx.get_parameter_source("lang") is ParameterSource.COMMANDLINE:
        ctx.meta[_ASKED] = value
    wanted: str | None = ctx.meta.get(_ASKED, value)
    if wanted is None:
        speak(of_system(), asked=False)
        return None
    from mailaudit.language.catalogue import catalogue, languages  # noqa: PLC0415 - English needs no catalogue

    language = wanted.partition("_")[0].partition("-")[0].lower()
    if language not in languages():
        known = ", ".join(languages())
        raise click.BadParameter(f"{wanted!r} is not spoken; the languages are {known}.", param=parameter)
    if language != ENGLISH and catalogue(language) is None:
        say(f"mailaudit: the catalogue of {language} is not compiled, so this is English; installing compiles it")
    speak(language, asked=_ASKED in ctx.meta)
    return language


LANGUAGE = click.Option(
    ["--lang"],
    envvar="MAILAUDIT_LANG",
    metavar="LANGUAGE",
    expose_value=False,
    is_eager=True,
    callback=_speak,
    help="Speak this language, such as fr or de (default: that of the environment; data stays English).",
)
