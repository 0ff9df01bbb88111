"""Numbers as they are stored, and as they are shown back, by Babel in the contact's language."""

from collections.abc import Sequence
from decimal import Decimal

from babel.numbers import format_currency, format_decimal, get_currency_symbol

from engine.core.script import Answer, Unsure
from engine.flow.answers.reader import Here
from engine.flow.answers.when.countries import locale_of


def one_or_unsure(answers: Sequence[Answer]) -> Answer | Unsure | None:
    """Return the answer, both where there are two, None where there is none."""
    if len(answers) > 1:
        return Unsure(tuple(answers))
    return answers[0] if answers else None


def plain(value: Decimal) -> str:
    """Return a decimal as it is stored: no exponent, no zeros at the end."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def show_number(value: Decimal, here: Here) -> str:
    """Return "1,234.5" as the contact's country writes it."""
    return format_decimal(
        value, locale=locale_of(here.language, here.country), decimal_quantization=False
    )


def show_money(amount: Decimal, currency: str, here: Here) -> str:
    """Return "€12.50" as the contact's country writes it, with the language's sign where the country has none."""
    locale = locale_of(here.language, here.country)
    own, general = (get_currency_symbol(currency, each) for each in (locale, locale.language))
    shown = format_currency(amount, currency, locale=locale)
    return shown.replace(currency, general) if own == currency else shown
