"""The words of a call, in the languages that people can choose."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct


class Phrases(Struct, frozen=True, kw_only=True):
    """One language. `tag` is BCP 47, as vendors of speech name it; braces stand for what varies."""

    tag: str
    intro: str
    severities: Mapping[str, str]
    since: str
    since_day: str
    since_days: str
    clock: str
    full_hour: str
    weekdays: tuple[str, ...]
    digest: str
    rest: str
    test: str
    press: str
    choices: Mapping[str, str]
    wrong_key: str
    acknowledged: str
    escalated: str
    already: str
    taken: str
    closed: str
    failed: str
    goodbye: str
    code: str
    id_ending: str
    symbols: Mapping[str, str]
    units: Mapping[str, str]


ENGLISH: Final = Phrases(
    tag="en-US",
    intro="This is Evenfall.",
    severities={
        "critical": "Critical.",
        "error": "Error.",
        "warning": "Warning.",
        "info": "Information.",
    },
    since="Since {time}.",
    since_day="Since {day} at {time}.",
    since_days="For {days} days.",
    clock="{hour}:{minute:02d}",
    full_hour="{hour}:00",
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    digest="There are {count} pages for you.",
    rest="And {count} more.",
    test="This is a test page. Nothing is wrong.",
    press="Press {choices}.",
    choices={"4": "4 to acknowledge", "6": "6 to escalate", "0": "0 to hear it again"},
    wrong_key="That key does nothing here.",
    acknowledged="Acknowledged. Good luck.",
    escalated="Escalated. The next person is being paged.",
    already="This was already answered.",
    taken="Somebody has already acknowledged this. There is nothing to do.",
    closed="This is already closed. There is nothing to do.",
    failed="That did not work. Please open Evenfall.",
    goodbye="Goodbye.",
    code="Your code is: {digits}.",
    id_ending="an id that ends in {tail}",
    symbols={
        ">=": "at least",
        "<=": "at most",
        ">": "above",
        "<": "below",
        "%": "percent",
        "&": "and",
        "@": "at",
        "=": "is",
        "+": "plus",
        ".": "dot",
    },
    units={
        "ms": "milliseconds",
        "s": "seconds",
        "min": "minutes",
        "h": "hours",
        "KB": "kilobytes",
        "MB": "megabytes",
        "GB": "gigabytes",
        "TB": "terabytes",
    },
)

GERMAN: Final = Phrases(
    tag="de-DE",
    intro="Hier ist Evenfall.",
    severities={
        "critical": "Kritisch.",
        "error": "Fehler.",
        "warning": "Warnung.",
        "info": "Hinweis.",
    },
    since="Seit {time}.",
    since_day="Seit {day}, {time}.",
    since_days="Seit {days} Tagen.",
    clock="{hour} Uhr {minute}",
    full_hour="{hour} Uhr",
    weekdays=(
        "Montag",
        "Dienstag",
        "Mittwoch",
        "Donnerstag",
        "Freitag",
        "Samstag",
        "Sonntag",
    ),
    digest="Es gibt {count} Alarme für Sie.",
    rest="Und {count} weitere.",
    test="Das ist ein Testanruf. Es ist nichts passiert.",
    press="Drücken Sie {choices}.",
    choices={"4": "4 zum Bestätigen", "6": "6 zum Weitergeben", "0": "0 zum Wiederholen"},
    wrong_key="Diese Taste hat hier keine Funktion.",
    acknowledged="Bestätigt. Viel Erfolg.",
    escalated="Weitergegeben. Jetzt wird die nächste Person alarmiert.",
    already="Darauf wurde schon geantwortet.",
    taken="Das hat schon jemand bestätigt. Es ist nichts zu tun.",
    closed="Das ist schon erledigt. Es ist nichts zu tun.",
    failed="Das hat nicht geklappt. Bitte öffnen Sie Evenfall.",
    goodbye="Auf Wiederhören.",
    code="Ihr Code ist: {digits}.",
    id_ending="eine Kennung mit dem Ende {tail}",
    symbols={
        ">=": "mindestens",
        "<=": "höchstens",
        ">": "über",
        "<": "unter",
        "%": "Prozent",
        "&": "und",
        "@": "ät",
        "=": "gleich",
        "+": "plus",
        ".": "Punkt",
    },
    units={
        "ms": "Millisekunden",
        "s": "Sekunden",
        "min": "Minuten",
        "h": "Stunden",
        "KB": "Kilobyte",
        "MB": "Megabyte",
        "GB": "Gigabyte",
        "TB": "Terabyte",
    },
)

FRENCH: Final = Phrases(
    tag="fr-FR",
    intro="Ici Evenfall.",
    severities={
        "critical": "Critique.",
        "error": "Erreur.",
        "warning": "Avertissement.",
        "info": "Information.",
    },
    since="Depuis {time}.",
    since_day="Depuis {day} à {time}.",
    since_days="Depuis {days} jours.",
    clock="{hour} heures {minute}",
    full_hour="{hour} heures",
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    digest="Il y a {count} alertes pour vous.",
    rest="Et {count} autres.",
    test="Ceci est un appel de test. Tout va bien.",
    press="Appuyez sur {choices}.",
    choices={
        "4": "4 pour confirmer",
        "6": "6 pour transmettre",
        "0": "0 pour réécouter",
    },
    wrong_key="Cette touche n'a pas de fonction ici.",
    acknowledged="Confirmé. Bon courage.",
    escalated="Transmis. La personne suivante est alertée.",
    already="Une réponse a déjà été donnée.",
    taken="Quelqu'un a déjà confirmé. Il n'y a rien à faire.",
    closed="C'est déjà terminé. Il n'y a rien à faire.",
    failed="Cela n'a pas fonctionné. Veuillez ouvrir Evenfall.",
    goodbye="Au revoir.",
    code="Votre code est : {digits}.",
    id_ending="un identifiant qui finit par {tail}",
    symbols={
        ">=": "au moins",
        "<=": "au plus",
        ">": "au-dessus de",
        "<": "en dessous de",
        "%": "pour cent",
        "&": "et",
        "@": "arobase",
        "=": "égale",
        "+": "plus",
        ".": "point",
    },
    units={
        "ms": "millisecondes",
        "s": "secondes",
        "min": "minutes",
        "h": "heures",
        "KB": "kilo-octets",
        "MB": "mégaoctets",
        "GB": "gigaoctets",
        "TB": "téraoctets",
    },
)

SPANISH: Final = Phrases(
    tag="es-ES",
    intro="Aquí Evenfall.",
    severities={
        "critical": "Crítico.",
        "error": "Error.",
        "warning": "Advertencia.",
        "info": "Información.",
    },
    since="Desde las {time}.",
    since_day="Desde el {day} a las {time}.",
    since_days="Desde hace {days} días.",
    clock="{hour} y {minute}",
    full_hour="{hour} horas",
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    digest="Hay {count} alertas para usted.",
    rest="Y {count} más.",
    test="Esta es una llamada de prueba. No pasa nada.",
    press="Pulse {choices}.",
    choices={"4": "4 para confirmar", "6": "6 para escalar", "0": "0 para repetir"},
    wrong_key="Esa tecla no tiene función aquí.",
    acknowledged="Confirmado. Mucha suerte.",
    escalated="Escalado. Se avisa a la siguiente persona.",
    already="Ya se ha respondido.",
    taken="Alguien ya lo ha confirmado. No hay nada que hacer.",
    closed="Ya está cerrado. No hay nada que hacer.",
    failed="No ha funcionado. Por favor, abra Evenfall.",
    goodbye="Adiós.",
    code="Su código es: {digits}.",
    id_ending="un identificador que termina en {tail}",
    symbols={
        ">=": "al menos",
        "<=": "como máximo",
        ">": "por encima de",
        "<": "por debajo de",
        "%": "por ciento",
        "&": "y",
        "@": "arroba",
        "=": "igual a",
        "+": "más",
        ".": "punto",
    },
    units={
        "ms": "milisegundos",
        "s": "segundos",
        "min": "minutos",
        "h": "horas",
        "KB": "kilobytes",
        "MB": "megabytes",
        "GB": "gigabytes",
        "TB": "terabytes",
    },
)

PORTUGUESE: Final = Phrases(
    tag="pt-BR",
    intro="Aqui é o Evenfall.",
    severities={
        "critical": "Crítico.",
        "error": "Erro.",
        "warning": "Aviso.",
        "info": "Informação.",
    },
    since="Desde as {time}.",
    since_day="Desde {day} às {time}.",
    since_days="Há {days} dias.",
    clock="{hour} e {minute}",
    full_hour="{hour} horas",
    weekdays=(
        "segunda-feira",
        "terça-feira",
        "quarta-feira",
        "quinta-feira",
        "sexta-feira",
        "sábado",
        "domingo",
    ),
    digest="Há {count} alertas para você.",
    rest="E mais {count}.",
    test="Esta é uma chamada de teste. Está tudo bem.",
    press="Pressione {choices}.",
    choices={"4": "4 para confirmar", "6": "6 para escalar", "0": "0 para ouvir de novo"},
    wrong_key="Essa tecla não tem função aqui.",
    acknowledged="Confirmado. Boa sorte.",
    escalated="Escalado. A próxima pessoa será avisada.",
    already="Já foi respondido.",
    taken="Alguém já confirmou. Não há nada a fazer.",
    closed="Já está encerrado. Não há nada a fazer.",
    failed="Não funcionou. Por favor, abra o Evenfall.",
    goodbye="Até logo.",
    code="Seu código é: {digits}.",
    id_ending="um identificador que termina em {tail}",
    symbols={
        ">=": "pelo menos",
        "<=": "no máximo",
        ">": "acima de",
        "<": "abaixo de",
        "%": "por cento",
        "&": "e",
        "@": "arroba",
        "=": "igual a",
        "+": "mais",
        ".": "ponto",
    },
    units={
        "ms": "milissegundos",
        "s": "segundos",
        "min": "minutos",
        "h": "horas",
        "KB": "kilobytes",
        "MB": "megabytes",
        "GB": "gigabytes",
        "TB": "terabytes",
    },
)

LANGUAGES: Final[Mapping[str, Phrases]] = MappingProxyType(
    {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH, "pt": PORTUGUESE}
)


def phrases_of(language: str) -> Phrases:
    """The words for a language of two letters; English for one that we do not speak."""
    return LANGUAGES.get(language[:2].lower(), ENGLISH)
