"""What pages say by themselves: English, German, French, Spanish, by the name of the phrase.

`{...}` is filled in where the phrase is used.
"""

from collections.abc import Mapping
from typing import Final

ROWS: Final[Mapping[str, tuple[str, str, str, str]]] = {
    # how times are written: formats of Django's `date` filter
    "day": ("j M Y", "j. M Y", "j M Y", "j M Y"),
    "moment": ("j M, H:i", "j. M, H:i", "j M, H:i", "j M, H:i"),
    "full_moment": ("j M Y, H:i", "j. M Y, H:i", "j M Y, H:i", "j M Y, H:i"),
    "week_moment": ("D j M, H:i", "D, j. M, H:i", "D j M, H:i", "D j M, H:i"),
    # how to be told
    "get_updates": (
        "Get updates",
        "Meldungen bekommen",
        "Recevoir les nouvelles",
        "Recibir avisos",
    ),
    "email_address": (
        "E-mail address",
        "E-Mail-Adresse",
        "Adresse e-mail",
        "Correo electrónico",
    ),
    "subscribe": ("Subscribe", "Anmelden", "S'abonner", "Suscribirse"),
    "more_ways": (
        "Other ways, or only some components",
        "Andere Wege, oder nur einige Komponenten",
        "D'autres voies, ou certains composants",
        "Otras vías, o solo algunos componentes",
    ),
    "only_this": (
        "Be told of this incident only",
        "Nur zu dieser Störung Meldungen bekommen",
        "Suivre cet incident seulement",
        "Avisos solo de este incidente",
    ),
    # statuses of components
    "unknown": ("No data", "Keine Daten", "Pas de données", "Sin datos"),
    "operational": ("Operational", "In Betrieb", "Opérationnel", "Operativo"),
    "maintenance": ("Maintenance", "Wartung", "Maintenance", "Mantenimiento"),
    "degraded": ("Degraded", "Beeinträchtigt", "Dégradé", "Degradado"),
    "partial_outage": ("Partial outage", "Teilausfall", "Panne partielle", "Caída parcial"),
    "major_outage": ("Major outage", "Großer Ausfall", "Panne majeure", "Caída grave"),
    # the same in the midst of a formula
    "counted_major_outage": ("major outage", "großer Ausfall", "panne majeure", "caída grave"),
    "counted_partial_outage": ("partial outage", "Teilausfall", "panne partielle", "caída parcial"),
    "counted_degraded": ("degraded", "beeinträchtigt", "dégradé", "degradado"),
    # states of posts and of maintenance, and what a line tells
    "investigating": ("Investigating", "Wird untersucht", "Analyse en cours", "Investigando"),
    "identified": ("Identified", "Ursache gefunden", "Cause trouvée", "Causa identificada"),
    "monitoring": ("Monitoring", "Wird beobachtet", "Sous surveillance", "En observación"),
    "resolved": ("Resolved", "Behoben", "Résolu", "Resuelto"),
    "scheduled": ("scheduled", "geplant", "prévue", "programado"),
    "in_progress": ("in progress", "läuft", "en cours", "en curso"),
    "verifying": ("Verifying", "Wird geprüft", "Vérification", "Verificando"),
    "completed": ("Completed", "Abgeschlossen", "Terminée", "Terminado"),
    "cancelled": ("Cancelled", "Abgesagt", "Annulée", "Cancelado"),
    "planned": ("Planned", "Geplant", "Prévue", "Planificado"),
    "changed": ("Changed", "Geändert", "Modifiée", "Modificado"),
    "started": ("Started", "Begonnen", "Commencée", "Iniciado"),
    "note": ("Update", "Neuigkeit", "Mise à jour", "Actualización"),
    "retracted": ("Retracted", "Zurückgezogen", "Rétracté", "Retirado"),
    # the first words of a post
    "draft_title": (
        "Problem with {names}",
        "Störung: {names}",
        "Problème : {names}",
        "Problema: {names}",
    ),
    "draft_text": (
        "We are looking into a problem with {names}. We will tell you more as soon as we can.",
        "Wir gehen einer Störung nach: {names}. Sobald wir mehr wissen, melden wir uns.",
        "Nous étudions un problème : {names}. Nous vous en dirons plus dès que possible.",
        "Estamos investigando un problema: {names}. Diremos más en cuanto sepamos más.",
    ),
    "draft_some": (
        "some of our systems",
        "einige unserer Systeme",
        "certains de nos systèmes",
        "algunos de nuestros sistemas",
    ),
    "draft_others": ("others", "andere", "d'autres", "otros"),
    "and": ("and", "und", "et", "y"),
    "learned": (
        "What we learned from it",
        "Was wir daraus gelernt haben",
        "Ce que nous en avons appris",
        "Lo que aprendimos de ello",
    ),
    # the sentence at the top
    "all_unknown": (
        "We do not know how our systems are",
        "Wir wissen nicht, wie es unseren Systemen geht",
        "Nous ne savons pas dans quel état sont nos systèmes",
        "No sabemos cómo están nuestros sistemas",
    ),
    "all_operational": (
        "All systems are operational",
        "Alle Systeme sind in Betrieb",
        "Tous les systèmes sont opérationnels",
        "Todos los sistemas están operativos",
    ),
    "all_maintenance": (
        "Maintenance is under way",
        "Eine Wartung läuft",
        "Une maintenance est en cours",
        "Hay un mantenimiento en curso",
    ),
    "all_degraded": (
        "All systems are degraded",
        "Alle Systeme sind beeinträchtigt",
        "Tous les systèmes sont dégradés",
        "Todos los sistemas están degradados",
    ),
    "all_partial_outage": (
        "Partial outage of all systems",
        "Teilausfall aller Systeme",
        "Panne partielle de tous les systèmes",
        "Caída parcial de todos los sistemas",
    ),
    "all_major_outage": (
        "Major outage of all systems",
        "Großer Ausfall aller Systeme",
        "Panne majeure de tous les systèmes",
        "Caída grave de todos los sistemas",
    ),
    "some_degraded": (
        "Some systems are degraded",
        "Einige Systeme sind beeinträchtigt",
        "Certains systèmes sont dégradés",
        "Algunos sistemas están degradados",
    ),
    "some_partial_outage": (
        "Partial outage of some systems",
        "Teilausfall einiger Systeme",
        "Panne partielle de certains systèmes",
        "Caída parcial de algunos sistemas",
    ),
    "some_major_outage": (
        "Major outage of some systems",
        "Großer Ausfall einiger Systeme",
        "Panne majeure de certains systèmes",
        "Caída grave de algunos sistemas",
    ),
    "watched_operational": (
        "All systems that we watch are operational",
        "Alle beobachteten Systeme sind in Betrieb",
        "Tous les systèmes que nous surveillons sont opérationnels",
        "Todos los sistemas que vigilamos están operativos",
    ),
    "nothing_shown": (
        "Nothing is shown here yet",
        "Hier wird noch nichts gezeigt",
        "Rien n'est encore affiché ici",
        "Aquí todavía no se muestra nada",
    ),
    # the page
    "skip": (
        "Skip to what is going on",
        "Zum aktuellen Stand springen",
        "Aller à la situation actuelle",
        "Ir a la situación actual",
    ),
    "as_of": ("As of", "Stand", "État au", "Estado a"),
    "systems": ("Systems", "Systeme", "Systèmes", "Sistemas"),
    "past": ("The last 15 days", "Die letzten 15 Tage", "Les 15 derniers jours", "Últimos 15 días"),
    "nothing": ("Nothing to report.", "Nichts zu berichten.", "Rien à signaler.", "Sin novedades."),
    "nothing_else": (
        "Nothing else to report.",
        "Sonst nichts zu berichten.",
        "Rien d'autre à signaler.",
        "Sin otras novedades.",
    ),
    "history": ("Earlier", "Früher", "Plus tôt", "Anteriores"),
    "history_title": (
        "What we told",
        "Was wir berichtet haben",
        "Ce que nous avons dit",
        "Lo que dijimos",
    ),
    "back_to_now": (
        "How it is now",
        "Wie es jetzt ist",
        "La situation actuelle",
        "Cómo está ahora",
    ),
    "since": ("since", "seit", "depuis", "desde"),
    "to": ("to", "bis", "à", "a"),
    "next_by": (
        "Next update by",
        "Nächste Nachricht bis",
        "Prochaine nouvelle avant",
        "Próximo aviso antes de",
    ),
    "retracted_on": ("Retracted on", "Zurückgezogen am", "Rétracté le", "Retirado el"),
    "written": ("written", "geschrieben", "écrit", "escrito"),
    "edited": ("edited", "geändert", "modifié", "editado"),
    "uptime": ("uptime", "verfügbar", "de disponibilité", "de disponibilidad"),
    "at_worst": ("at worst", "schlimmstenfalls", "au pire", "en el peor momento"),
    "with_maintenance": (
        "with maintenance",
        "mit Wartung",
        "avec maintenance",
        "con mantenimiento",
    ),
    "without_maintenance": (
        "without maintenance",
        "ohne Wartung",
        "sans maintenance",
        "sin mantenimiento",
    ),
    "no_data_yet": ("No data yet", "Noch keine Daten", "Pas encore de données", "Aún sin datos"),
    "day_by_day": ("day by day", "Tag für Tag", "jour par jour", "día a día"),
    "days_ago_90": ("90 days ago", "vor 90 Tagen", "il y a 90 jours", "hace 90 días"),
    "days_ago_45": ("45 days ago", "vor 45 Tagen", "il y a 45 jours", "hace 45 días"),
    "today": ("Today", "heute", "aujourd'hui", "hoy"),
    "worst_counts": (
        (
            "Where several things were said of the same time, the worst counts. Figures are "
            "rounded down."
        ),
        (
            "Wurde über dieselbe Zeit Verschiedenes gesagt, zählt das Schlimmste. Zahlen sind "
            "abgerundet."
        ),
        (
            "Si plusieurs choses ont été dites d'un même moment, la pire compte. Les chiffres "
            "sont arrondis vers le bas."
        ),
        (
            "Si se dijeron varias cosas de un mismo momento, cuenta la peor. Las cifras se "
            "redondean hacia abajo."
        ),
    ),
    "feed": ("Feed of updates", "Feed der Nachrichten", "Flux des nouvelles", "Canal de novedades"),
    "calendar": (
        "Calendar of maintenance",
        "Kalender der Wartungen",
        "Calendrier des maintenances",
        "Calendario de mantenimiento",
    ),
    "as_json": (
        "This page as JSON",
        "Diese Seite als JSON",
        "Cette page en JSON",
        "Esta página en JSON",
    ),
    "zone": (
        "All times are those of",
        "Alle Zeiten: Zeitzone",
        "Toutes les heures : fuseau",
        "Todas las horas: zona",
    ),
    "languages": ("Languages", "Sprachen", "Langues", "Idiomas"),
    # a copy elsewhere
    "copy_as_of": (
        "This is a copy, as of",
        "Dies ist eine Kopie, Stand",
        "Ceci est une copie, au",
        "Esto es una copia, a",
    ),
    "copy_is_old": (
        "This copy is older than it should be. What it says may no longer be true.",
        (
            "Diese Kopie ist älter, als sie sein sollte. Vielleicht stimmt nicht mehr, was hier "
            "steht."
        ),
        "Cette copie est plus ancienne que prévu. Ce qu'elle dit n'est peut-être plus vrai.",
        "Esta copia es más antigua de lo previsto. Puede que ya no sea cierto lo que dice.",
    ),
    # the formula
    "formula": (
        (
            "Uptime of {days} days = 1 {minus} ({down}) / (time with data {minus} maintenance). "
            "Maintenance is left out here; the second figure counts it as downtime."
        ),
        (
            "Verfügbarkeit in {days} Tagen = 1 {minus} ({down}) / (Zeit mit Daten {minus} "
            "Wartung). Wartung bleibt hier außen vor; die zweite Zahl zählt sie als Ausfall."
        ),
        (
            "Disponibilité sur {days} jours = 1 {minus} ({down}) / (temps avec données {minus} "
            "maintenance). La maintenance est exclue ici ; le second chiffre la compte comme "
            "panne."
        ),
        (
            "Disponibilidad en {days} días = 1 {minus} ({down}) / (tiempo con datos {minus} "
            "mantenimiento). El mantenimiento no cuenta aquí; la segunda cifra lo cuenta como "
            "caída."
        ),
    ),
    "formula_counting": (
        (
            "Uptime of {days} days = 1 {minus} ({down} + 1 {times} maintenance) / time with "
            "data. Maintenance counts as downtime here; the second figure leaves it out."
        ),
        (
            "Verfügbarkeit in {days} Tagen = 1 {minus} ({down} + 1 {times} Wartung) / Zeit mit "
            "Daten. Wartung zählt hier als Ausfall; die zweite Zahl lässt sie außen vor."
        ),
        (
            "Disponibilité sur {days} jours = 1 {minus} ({down} + 1 {times} maintenance) / temps "
            "avec données. La maintenance compte ici comme panne ; le second chiffre l'exclut."
        ),
        (
            "Disponibilidad en {days} días = 1 {minus} ({down} + 1 {times} mantenimiento) / "
            "tiempo con datos. El mantenimiento cuenta aquí como caída; la segunda cifra lo "
            "excluye."
        ),
    ),
}
