"""How a locale writes numbers, money, dates and truth: what typing reads and rendering writes."""

from collections.abc import Mapping
from functools import cache

import attrs

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, behaves

ENGLISH = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORT = 3
NARROW_BLANK, BLANK = "\u202f", "\u00a0"


@attrs.frozen(kw_only=True, eq=False)
class Locale:
    """The habits of one locale. There is one object of each.

    ``date`` is the usual pattern of a date, from which the order of day, month and year comes.
    ``money`` is the pattern of an amount, in which ``¤`` stands for the sign of the currency.
    """

    decimal: str = "."
    group: str = ","
    currency: str = "$"
    money: str = '"¤"{}'
    date: str = "m/d/yyyy"
    time: str = "h:mm:ss am/pm"
    true: str = "TRUE"
    false: str = "FALSE"
    months: tuple[str, ...] = ENGLISH
    short_months: tuple[str, ...] = tuple(name[:SHORT] for name in ENGLISH)
    days: tuple[str, ...] = ENGLISH_DAYS
    short_days: tuple[str, ...] = tuple(name[:SHORT] for name in ENGLISH_DAYS)

    @property
    def order(self) -> str:
        """The order of a date's parts: ``mdy``, ``dmy`` or ``ymd``."""
        seen = dict.fromkeys(letter for letter in self.date if letter in "dmy")
        return "".join(seen)

    @property
    def separator(self) -> str:
        """What usually stands between the parts of a date."""
        return next(letter for letter in self.date if letter not in "dmy")

    def amount(self, number: str, currency: str = "") -> str:
        """Return the pattern of an amount of money, of a number's pattern."""
        if currency and currency != self.currency:
            return f"[${currency}]{number}"
        return self.money.format(number).replace("¤", self.currency)


BEHIND = '{}\\ "¤"'
EURO = "€"

GERMAN_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
    "Oktober", "November", "Dezember",
)  # fmt: skip
GERMAN_DAYS = (
    "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag",
)  # fmt: skip
FRENCH_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
FRENCH_SHORT = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
    "déc.",
)  # fmt: skip
FRENCH_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
SPANISH_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip
SPANISH_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")

GERMAN = Locale(
    decimal=",",
    group=".",
    currency=EURO,
    money=BEHIND,
    date="dd.mm.yyyy",
    time="hh:mm:ss",
    true="WAHR",
    false="FALSCH",
    months=GERMAN_MONTHS,
    short_months=tuple(name if len(name) < 5 else f"{name[:SHORT]}" for name in GERMAN_MONTHS),
    days=GERMAN_DAYS,
    short_days=tuple(name[:2] for name in GERMAN_DAYS),
)
FRENCH = Locale(
    decimal=",",
    group=NARROW_BLANK,
    currency=EURO,
    money=BEHIND,
    date="dd/mm/yyyy",
    time="hh:mm:ss",
    true="VRAI",
    false="FAUX",
    months=FRENCH_MONTHS,
    short_months=FRENCH_SHORT,
    days=FRENCH_DAYS,
    short_days=tuple(f"{name[:SHORT]}." for name in FRENCH_DAYS),
)
SPANISH = Locale(
    decimal=",",
    group=".",
    currency=EURO,
    money=BEHIND,
    date="dd/mm/yyyy",
    time="h:mm:ss",
    true="VERDADERO",
    false="FALSO",
    months=SPANISH_MONTHS,
    short_months=tuple(name[:SHORT] for name in SPANISH_MONTHS),
    days=SPANISH_DAYS,
    short_days=tuple(name[:SHORT] for name in SPANISH_DAYS),
)
BRITISH = Locale(currency="£", date="dd/mm/yyyy", time="hh:mm:ss")
SWISS = attrs.evolve(GERMAN, decimal=".", group="\u2019", currency="CHF", money='"¤"\\ {}')
CONTINENTAL = Locale(
    decimal=",", group=".", currency=EURO, money=BEHIND, date="dd/mm/yyyy", time="hh:mm:ss"
)
NORDIC = attrs.evolve(CONTINENTAL, group=BLANK, currency="kr", date="yyyy-mm-dd")
SLAVIC = attrs.evolve(CONTINENTAL, group=BLANK, date="dd.mm.yyyy")
EASTERN = Locale(currency="¥", date="yyyy/mm/dd", time="h:mm:ss")

BY_NAME: Mapping[str, Locale] = {
    "en_US": Locale(),
    "en_GB": BRITISH,
    "en_IE": attrs.evolve(BRITISH, currency=EURO),
    "en_AU": attrs.evolve(BRITISH, currency="$", time="h:mm:ss am/pm"),
    "en_NZ": attrs.evolve(BRITISH, currency="$", time="h:mm:ss am/pm"),
    "en_CA": Locale(date="yyyy-mm-dd"),
    "en_IN": attrs.evolve(BRITISH, currency="₹", date="dd/mm/yyyy"),
    "en_ZA": attrs.evolve(BRITISH, currency="R", date="yyyy/mm/dd"),
    "de": GERMAN,
    "de_AT": attrs.evolve(GERMAN, money='"¤"\\ {}'),
    "de_CH": SWISS,
    "fr": FRENCH,
    "fr_CA": attrs.evolve(FRENCH, group=BLANK, currency="$", date="yyyy-mm-dd"),
    "fr_CH": attrs.evolve(FRENCH, currency="CHF", date="dd.mm.yyyy"),
    "es": SPANISH,
    "es_MX": attrs.evolve(SPANISH, decimal=".", group=",", currency="$", money='"¤"{}'),
    "it": attrs.evolve(CONTINENTAL, true="VERO", false="FALSO"),
    "nl": attrs.evolve(CONTINENTAL, date="d-m-yyyy", money='"¤"\\ {}', true="WAAR", false="ONWAAR"),
    "pt": attrs.evolve(CONTINENTAL, true="VERDADEIRO", false="FALSO"),
    "pt_BR": attrs.evolve(
        CONTINENTAL, currency="R$", money='"¤"\\ {}', true="VERDADEIRO", false="FALSO"
    ),
    "sv": NORDIC,
    "da": attrs.evolve(CONTINENTAL, currency="kr.", date="dd.mm.yyyy", time="hh.mm.ss"),
    "nb": attrs.evolve(NORDIC, date="dd.mm.yyyy"),
    "no": attrs.evolve(NORDIC, date="dd.mm.yyyy"),
    "fi": attrs.evolve(NORDIC, currency=EURO, date="d.m.yyyy"),
    "pl": attrs.evolve(SLAVIC, currency="zł", true="PRAWDA", false="FAŁSZ"),
    "cs": attrs.evolve(SLAVIC, currency="Kč", date="d.m.yyyy"),
    "sk": attrs.evolve(SLAVIC, date="d.m.yyyy"),
    "hu": attrs.evolve(SLAVIC, currency="Ft", date="yyyy.mm.dd"),
    "ru": attrs.evolve(SLAVIC, currency="₽", true="ИСТИНА", false="ЛОЖЬ"),
    "uk": attrs.evolve(SLAVIC, currency="₴"),
    "tr": attrs.evolve(CONTINENTAL, currency="₺", money='"¤"{}', date="dd.mm.yyyy"),
    "id": attrs.evolve(CONTINENTAL, currency="Rp", money='"¤"{}'),
    "ja": EASTERN,
    "zh": attrs.evolve(EASTERN, date="yyyy/m/d"),
    "zh_TW": attrs.evolve(EASTERN, currency="$", date="yyyy/m/d"),
    "ko": attrs.evolve(EASTERN, currency="₩", date="yyyy. m. d"),
}


@behaves("en_US, en_GB, de_DE and fr_FR read and write as they are used to", DOCUMENTED)
@behaves("other locales: their signs, orders of dates and currencies, English names", ASSUMED)
@cache
def locale_of(name: str) -> Locale:
    """Return the habits of a locale (``de_DE``); of its language, or of the US, if unknown."""
    return BY_NAME.get(name) or BY_NAME.get(name.split("_", maxsplit=1)[0]) or BY_NAME["en_US"]
