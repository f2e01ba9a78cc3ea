"""The option that every command has: the language in which people are told."""

import click

from mailaudit.cli.streams import say
from mailaudit.language.spoken import ENGLISH, of_system, speak

_ASKED = "mailaudit.language"


def _speak(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Speak the language that was asked for, also in front of the command, else that of the environment."""
    value = value or ctx.meta.get(_ASKED)
    if value is None:
        speak(of_system(), asked=False)
        return None
    from mailaudit.language.catalogue import catalogue, languages  # noqa: PLC0415 - English needs no catalogue

    ctx.meta[_ASKED] = value
    language = value.partition("_")[0].partition("-")[0].lower()
    if language not in languages():
        known = ", ".join(languages())
        raise click.BadParameter(f"{value!r} is not spoken; the languages are {known}.", param=parameter)
    if language != ENGLISH and catalogue(language) is None:
        say(f"mailaudit: the catalogue of {language} is not compiled, so this is English; installing compiles it")
    speak(language, asked=True)
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
