"""What subscribers read from us: English, German, French, Spanish, by the name of the phrase.

States of posts and statuses of components come from the phrases of pages.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from evenfall.statuspages.logic.phrases import Language, phrases

_ROWS: Final[Mapping[str, tuple[str, str, str, str]]] = {
    # mails
    "work_planned": (
        "Maintenance planned",
        "Wartung geplant",
        "Maintenance prévue",
        "Mantenimiento planificado",
    ),
    "work_changed": (
        "Maintenance changed",
        "Wartung geändert",
        "Maintenance modifiée",
        "Mantenimiento modificado",
    ),
    "work_started": (
        "Maintenance started",
        "Wartung begonnen",
        "Maintenance commencée",
        "Mantenimiento iniciado",
    ),
    "work_verifying": (
        "Maintenance is being verified",
        "Wartung wird geprüft",
        "Maintenance en vérification",
        "Mantenimiento en verificación",
    ),
    "work_completed": (
        "Maintenance completed",
        "Wartung abgeschlossen",
        "Maintenance terminée",
        "Mantenimiento terminado",
    ),
    "work_cancelled": (
        "Maintenance cancelled",
        "Wartung abgesagt",
        "Maintenance annulée",
        "Mantenimiento cancelado",
    ),
    "work_note": (
        "Maintenance update",
        "Neues zur Wartung",
        "Nouvelles de la maintenance",
        "Novedades del mantenimiento",
    ),
    "work_reminder": (
        "Maintenance is near",
        "Wartung steht bevor",
        "Maintenance bientôt",
        "Mantenimiento próximo",
    ),
    "post_retracted": (
        "Retracted",
        "Zurückgezogen",
        "Rétracté",
        "Retirado",
    ),
    "affects": ("Affects", "Betrifft", "Concerne", "Afecta a"),
    "said": ("Said", "Mitgeteilt", "Publié", "Publicado"),
    "window": ("Window", "Zeitraum", "Période", "Periodo"),
    "next": ("Next update by", "Nächste Meldung bis", "Prochaines nouvelles", "Próximo aviso"),
    "open": (
        "Open the status page",
        "Statusseite öffnen",
        "Ouvrir la page d'état",
        "Abrir la página de estado",
    ),
    "why": (
        "You asked to be told by {page}.",
        "Du hast dich für Meldungen von {page} angemeldet.",
        "Vous avez demandé les nouvelles de {page}.",
        "Usted pidió los avisos de {page}.",
    ),
    "manage": (
        "Choose what you get",
        "Auswählen, was du bekommst",
        "Choisir ce que vous recevez",
        "Elegir lo que recibe",
    ),
    "unsubscribe": ("Unsubscribe", "Abmelden", "Se désabonner", "Darse de baja"),
    "confirm_subject": (
        "Confirm: updates of {page}",
        "Bitte bestätigen: Meldungen von {page}",
        "À confirmer : nouvelles de {page}",
        "Confirme: avisos de {page}",
    ),
    "confirm_text": (
        (
            "Somebody asked that updates of {page} are sent to this address. Confirm it within two"
            " days. If it was not you, do nothing: the address is then forgotten."
        ),
        (
            "Jemand möchte, dass Meldungen von {page} an diese Adresse gehen. Bestätige"
            " das innerhalb"
            " von zwei Tagen. Warst du es nicht, tu nichts: Die Adresse wird dann vergessen."
        ),
        (
            "Quelqu'un a demandé que les nouvelles de {page} arrivent à cette adresse. Confirmez-le"
            " dans les deux jours. Sinon, ne faites rien : l'adresse sera oubliée."
        ),
        (
            "Alguien pidió que los avisos de {page} lleguen a esta dirección. Confírmelo"
            " en dos días."
            " Si no fue usted, no haga nada: la dirección se olvidará."
        ),
    ),
    "confirm": ("Confirm", "Bestätigen", "Confirmer", "Confirmar"),
    "known_subject": (
        "You already get updates of {page}",
        "Du bekommst schon Meldungen von {page}",
        "Vous recevez déjà les nouvelles de {page}",
        "Usted ya recibe los avisos de {page}",
    ),
    "known_text": (
        "Somebody asked for updates of {page} for this address, which has them already.",
        "Jemand hat diese Adresse für Meldungen von {page} angemeldet; sie bekommt sie schon.",
        "Quelqu'un a demandé les nouvelles de {page} pour cette adresse, qui les reçoit déjà.",
        "Alguien pidió los avisos de {page} para esta dirección, que ya los recibe.",
    ),
    # pages
    "lede": (
        "We tell you when something breaks, when it works again, and of maintenance.",
        "Wir sagen Bescheid, wenn etwas ausfällt, wieder geht oder gewartet wird.",
        "Nous vous disons ce qui tombe en panne, ce qui remarche et les maintenances.",
        "Le avisamos cuando algo falla, cuando vuelve a funcionar y del mantenimiento.",
    ),
    "mail": ("By e-mail", "Per E-Mail", "Par e-mail", "Por correo"),
    "push": ("In this browser", "In diesem Browser", "Dans ce navigateur", "En este navegador"),
    "push_text": (
        "No account and no address: the message comes to this device.",
        "Ohne Konto und Adresse: Die Meldung kommt auf dieses Gerät.",
        "Sans compte ni adresse : le message arrive sur cet appareil.",
        "Sin cuenta ni dirección: el aviso llega a este dispositivo.",
    ),
    "push_no": (
        "This browser takes no such messages. On an iPhone, first put the page on the Home Screen.",
        (
            "Dieser Browser nimmt keine solchen Meldungen an. Auf dem iPhone zuerst zum"
            " Home-Bildschirm hinzufügen."
        ),
        (
            "Ce navigateur ne prend pas ces messages. Sur iPhone, ajoutez d'abord la page à l'écran"
            " d'accueil."
        ),
        (
            "Este navegador no admite estos avisos. En un iPhone, añada antes la página a"
            " la pantalla"
            " de inicio."
        ),
    ),
    "push_script": (
        "This way needs JavaScript.",
        "Dieser Weg braucht JavaScript.",
        "Cette voie demande JavaScript.",
        "Esta vía necesita JavaScript.",
    ),
    "push_done": (
        "This browser is told now.",
        "Dieser Browser bekommt jetzt Meldungen.",
        "Ce navigateur reçoit maintenant les nouvelles.",
        "Este navegador ya recibe los avisos.",
    ),
    "push_failed": (
        "That did not work. Allow notifications for this site, then try again.",
        "Das ging nicht. Erlaube Mitteilungen für diese Seite und versuch es noch einmal.",
        "Cela n'a pas marché. Autorisez les notifications de ce site, puis réessayez.",
        "No funcionó. Permita las notificaciones de este sitio e inténtelo otra vez.",
    ),
    "webhook": ("By web hook", "Per Webhook", "Par webhook", "Por webhook"),
    "webhook_text": (
        "For programs: each message is posted as signed JSON.",
        "Für Programme: Jede Meldung wird als signiertes JSON geschickt.",
        "Pour les programmes : chaque message est envoyé en JSON signé.",
        "Para programas: cada aviso se envía como JSON firmado.",
    ),
    "url": ("Address (URL)", "Adresse (URL)", "Adresse (URL)", "Dirección (URL)"),
    "feeds": (
        "Feed of updates",
        "Feed der Meldungen",
        "Flux des nouvelles",
        "Canal de avisos",
    ),
    "components": ("Components", "Komponenten", "Composants", "Componentes"),
    "components_help": (
        "None chosen: all of them.",
        "Nichts gewählt: alle.",
        "Aucun choix : tous.",
        "Sin elegir: todos.",
    ),
    "what": ("About", "Worüber", "À propos de", "Sobre"),
    "incidents": ("Incidents", "Störungen", "Incidents", "Incidentes"),
    "maintenance": ("Maintenance", "Wartung", "Maintenance", "Mantenimiento"),
    "only_post": (
        "Only this incident",
        "Nur diese Störung",
        "Cet incident seulement",
        "Solo este incidente",
    ),
    "everything": (
        "Everything on this page",
        "Alles auf dieser Seite",
        "Tout ce qui est sur cette page",
        "Todo lo de esta página",
    ),
    "save": ("Save", "Speichern", "Enregistrer", "Guardar"),
    "saved": ("Saved.", "Gespeichert.", "Enregistré.", "Guardado."),
    "check_mail": (
        "Look into your mailbox",
        "Schau in dein Postfach",
        "Regardez votre boîte aux lettres",
        "Mire su buzón",
    ),
    "check_mail_text": (
        "We sent a mail to {address}. Its button confirms; without it you get nothing.",
        "Wir haben eine Mail an {address} geschickt. Ihr Knopf bestätigt; sonst kommt nichts.",
        "Un e-mail est parti à {address}. Son bouton confirme ; sinon rien n'arrivera.",
        "Enviamos un correo a {address}. Su botón confirma; si no, no recibirá nada.",
    ),
    "confirm_title": (
        "Confirm your subscription",
        "Anmeldung bestätigen",
        "Confirmer l'abonnement",
        "Confirmar la suscripción",
    ),
    "confirm_page": (
        "Updates of {page} go to {address}.",
        "Meldungen von {page} gehen an {address}.",
        "Les nouvelles de {page} vont à {address}.",
        "Los avisos de {page} van a {address}.",
    ),
    "confirmed": (
        "You are subscribed.",
        "Du bist angemeldet.",
        "Vous êtes abonné.",
        "Está suscrito.",
    ),
    "manage_title": (
        "Your subscription",
        "Deine Anmeldung",
        "Votre abonnement",
        "Su suscripción",
    ),
    "leave_title": (
        "Unsubscribe?",
        "Abmelden?",
        "Se désabonner ?",
        "¿Darse de baja?",
    ),
    "leave_text": (
        "Nothing is sent to {address} any more, and we forget it.",
        "An {address} geht nichts mehr, und wir vergessen sie.",
        "Plus rien n'est envoyé à {address}, et nous l'oublions.",
        "Ya no se envía nada a {address}, y la olvidamos.",
    ),
    "left": (
        "You are unsubscribed",
        "Du bist abgemeldet",
        "Vous êtes désabonné",
        "Se ha dado de baja",
    ),
    "left_text": (
        "We keep nothing about you.",
        "Wir behalten nichts von dir.",
        "Nous ne gardons rien de vous.",
        "No guardamos nada de usted.",
    ),
    "pending": (
        "It waits for the answer to our test. Answer it with the challenge that we sent.",
        "Wartet auf die Antwort auf unseren Test. Antworte mit der gesendeten challenge.",
        "En attente de la réponse à notre test. Répondez avec la challenge envoyée.",
        "Espera la respuesta a nuestra prueba. Responda con la challenge enviada.",
    ),
    "off": (
        "Switched off, because it did not take our messages: {reason}",
        "Abgeschaltet, weil nichts ankam: {reason}",
        "Arrêté, car rien n'arrivait : {reason}",
        "Desactivado, porque nada llegaba: {reason}",
    ),
    "secret": ("Signing key", "Schlüssel der Signatur", "Clé de signature", "Clave de firma"),
    "secret_text": (
        (
            "Keep it now: it is shown once. Headers: webhook-id, webhook-timestamp,"
            " webhook-signature"
            " (HMAC-SHA256, Standard Webhooks). Keep this link, too:"
        ),
        (
            "Jetzt sichern: Er wird einmal gezeigt. Kopfzeilen: webhook-id, webhook-timestamp,"
            " webhook-signature (HMAC-SHA256, Standard Webhooks). Auch diesen Link:"
        ),
        (
            "À garder : elle n'est montrée qu'une fois. En-têtes : webhook-id, webhook-timestamp,"
            " webhook-signature (HMAC-SHA256, Standard Webhooks). Gardez aussi ce lien :"
        ),
        (
            "Guárdela: se muestra una vez. Cabeceras: webhook-id, webhook-timestamp,"
            " webhook-signature (HMAC-SHA256, Standard Webhooks). Guarde también este enlace:"
        ),
    ),
    "test_again": ("Test again", "Noch einmal testen", "Tester à nouveau", "Probar otra vez"),
    "back": (
        "Back to the status page",
        "Zurück zur Statusseite",
        "Retour à la page d'état",
        "Volver a la página de estado",
    ),
    "gone": (
        "There is no such subscription any more",
        "Diese Anmeldung gibt es nicht mehr",
        "Cet abonnement n'existe plus",
        "Esta suscripción ya no existe",
    ),
    "this_browser": ("this browser", "diesen Browser", "ce navigateur", "este navegador"),
}


@cache
def words(language: Language) -> Mapping[str, str]:
    """Every phrase for subscribers in this language, with those of pages, by name."""
    place = list(Language).index(language)
    own = {name: row[place] for name, row in _ROWS.items()}
    return MappingProxyType({**phrases(language), **own})


def spoken(code: str) -> Language:
    """The language of a stored code; English where we do not speak it any more."""
    return Language(code) if code in set(Language) else Language.EN
