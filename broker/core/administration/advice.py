"""What every obstacle means in words, and what a person can do about it."""

from broker.core.administration.obstacles import Obstacle
from broker.core.explanations import Explanation
from broker.core.text import Text


def advise(obstacle: Obstacle) -> Explanation:
    """The words for `obstacle`."""
    return ADVICE[obstacle]


def _advice(reason_nl: str, reason_en: str, step_nl: str, step_en: str) -> Explanation:
    return Explanation(Text(reason_nl, reason_en), Text(step_nl, step_en))


ADVICE = {
    Obstacle.MEANS_TOO_LOW: _advice(
        "De Beheermodule is er voor inlogmiddelen van niveau EH2+ en hoger.",
        "The Beheermodule is for means of level EH2+ and higher.",
        "Log in met een inlogmiddel van niveau EH2+ of hoger, of vraag dat aan bij uw leverancier.",
        "Log in with means of level EH2+ or higher, or apply for these with your supplier.",
    ),
    Obstacle.MEANS_NOT_REGULAR: _advice(
        "Met EH3 Belastingdienst kunt u de Beheermodule niet gebruiken.",
        "You cannot use the Beheermodule with EH3 Belastingdienst.",
        "Vraag een regulier inlogmiddel van niveau EH3 aan.",
        "Apply for regular means of level EH3.",
    ),
    Obstacle.NOT_A_MANAGER: _advice(
        "U bent geen beheerder van deze organisatie.",
        "You are not a manager of this organisation.",
        "Vraag een beheerder van uw organisatie om dit te doen.",
        "Ask a manager of your organisation to do this.",
    ),
    Obstacle.ROLE_EXPIRED: _advice(
        "Uw rol als beheerder is verlopen. Uw machtigingen blijven gewoon werken.",
        "Your role as manager has expired. Your mandates simply go on working.",
        "Laat een wettelijk vertegenwoordiger van uw organisatie u opnieuw beheerder maken.",
        "Have a legal representative of your organisation make you a manager again.",
    ),
    Obstacle.CHAIN_NEEDS_EH3: _advice(
        "Voor ketenmachtigingen moet u inloggen met niveau EH3 of hoger.",
        "For chain mandates you have to log in at level EH3 or higher.",
        "Log in met een regulier inlogmiddel van niveau EH3, of vraag dat aan.",
        "Log in with regular means of level EH3, or apply for these.",
    ),
    Obstacle.NOT_YOUR_MANDATE: _advice(
        "Deze machtiging hoort niet bij uw organisatie.",
        "This mandate does not belong to your organisation.",
        "Controleer of u voor de juiste organisatie bent ingelogd.",
        "Check whether you are logged in for the right organisation.",
    ),
    Obstacle.NOT_BY_THIS_PARTY: _advice(
        "Uw organisatie kan dit niet doen bij deze machtiging.",
        "Your organisation cannot do this to this mandate.",
        "Vraag de andere partij om dit te doen. De geschiedenis van de machtiging noemt haar.",
        "Ask the other party to do this. The history of the mandate names it.",
    ),
    Obstacle.USE_THE_FORM: _advice(
        "Uw intermediair vroeg deze machtiging aan. U kunt haar hier niet zelf wijzigen of intrekken.",
        "Your intermediary asked for this mandate. You cannot change or revoke it here yourself.",
        "Vraag uw intermediair om dit te doen, of gebruik het intrekkingsformulier.",
        "Ask your intermediary to do this, or use the revocation form.",
    ),
    Obstacle.ABOVE_OWN_LEVEL: _advice(
        "U kunt niets registreren boven uw eigen niveau.",
        "You cannot register anything above your own level.",
        "Kies een lager niveau, of log in met een hoger inlogmiddel.",
        "Choose a lower level, or log in with higher means.",
    ),
    Obstacle.OWN_ORGANISATION: _advice(
        "Een organisatie kan geen intermediair zijn van zichzelf.",
        "An organisation cannot be its own intermediary.",
        "Vul het KvK-nummer van een andere organisatie in.",
        "Enter the KvK number of another organisation.",
    ),
    Obstacle.PERIOD_TOO_LONG: _advice(
        "Een machtiging duurt ten hoogste vijf jaar.",
        "A mandate lasts five years at most.",
        "Kies een eerdere einddatum.",
        "Choose an earlier last day.",
    ),
    Obstacle.PERIOD_REVERSED: _advice(
        "De einddatum ligt voor de begindatum.",
        "The last day is before the first day.",
        "Kies een einddatum op of na de begindatum.",
        "Choose a last day on or after the first day.",
    ),
    Obstacle.PERIOD_IN_THE_PAST: _advice(
        "Deze einddatum ligt te vroeg.",
        "This last day is too early.",
        "Kies vandaag of een latere datum; bij verlengen een datum na het huidige einde.",
        "Choose today or a later date; when you renew, a date after the present end.",
    ),
    Obstacle.LEVEL_TOO_LOW: _advice(
        "Een ketenmachtiging heeft ten minste niveau EH3 nodig.",
        "A chain mandate needs level EH3 at least.",
        "Kies niveau EH3 of EH4.",
        "Choose level EH3 or EH4.",
    ),
    Obstacle.BRANCH_NOT_ALLOWED: _advice(
        "Een ketenmachtiging geldt altijd voor de hele organisatie.",
        "A chain mandate always holds for the whole organisation.",
        "Laat het vestigingsnummer weg.",
        "Leave out the branch number.",
    ),
    Obstacle.SCOPE_UNKNOWN: _advice(
        "Een dienst of dienstverlener in de reikwijdte bestaat niet of niet meer.",
        "A service or provider in the scope does not exist, or no longer exists.",
        "Kies opnieuw uit de lijst met diensten.",
        "Choose again from the list of services.",
    ),
    Obstacle.ALREADY_THERE: _advice(
        "Er is al een machtiging van deze organisatie voor dezelfde diensten.",
        "There is a mandate of this organisation for the same services already.",
        "Verleng die machtiging, of kies andere diensten.",
        "Renew that mandate, or choose other services.",
    ),
    Obstacle.ALREADY_INVITED: _advice(
        "U vroeg deze organisatie al om een machtiging voor dezelfde diensten.",
        "You have asked this organisation for a mandate for the same services already.",
        "Wacht op antwoord, of trek de eerste uitnodiging in.",
        "Wait for an answer, or cancel the first invitation.",
    ),
    Obstacle.COUPLED_MEANS_TOO_LOW: _advice(
        "Wie met ketenmachtigingen werkt, heeft een inlogmiddel van niveau EH3 nodig.",
        "Whoever works with chain mandates needs means of level EH3.",
        "Vraag voor deze gebruiker een regulier inlogmiddel van niveau EH3 aan.",
        "Apply for regular means of level EH3 for this user.",
    ),
    Obstacle.COUPLED_MEANS_NOT_REGULAR: _advice(
        "EH3 Belastingdienst kan niet worden gebruikt met ketenmachtigingen.",
        "EH3 Belastingdienst cannot be used with chain mandates.",
        "Vraag voor deze gebruiker een regulier inlogmiddel van niveau EH3 aan.",
        "Apply for regular means of level EH3 for this user.",
    ),
    Obstacle.COUPLED_MEANS_OF_OTHERS: _advice(
        "Dit inlogmiddel is niet van een gebruiker van uw organisatie.",
        "These means do not belong to a user of your organisation.",
        "Kies een gebruiker van uw eigen organisatie.",
        "Choose a user of your own organisation.",
    ),
    Obstacle.COUPLED_MEANS_NOT_USABLE: _advice(
        "Dit inlogmiddel of deze gebruiker is niet actief.",
        "These means, or this user, are not active.",
        "Kies een ander inlogmiddel, of laat dit eerst activeren.",
        "Choose other means, or have these activated first.",
    ),
    Obstacle.ALREADY_COUPLED: _advice(
        "De machtiging is al aan dit inlogmiddel gekoppeld.",
        "The mandate is coupled to these means already.",
        "U hoeft niets te doen.",
        "There is nothing you need to do.",
    ),
    Obstacle.WRONG_STATE: _advice(
        "Dit kan niet in de staat waarin de machtiging nu is.",
        "This is not possible in the state that the mandate is in now.",
        "Bekijk de machtiging opnieuw; de pagina toont wat nu wel kan.",
        "Look at the mandate again; the page shows what is possible now.",
    ),
    Obstacle.ENDED: _advice(
        "Dit is al geëindigd en verandert niet meer.",
        "This has ended already and no longer changes.",
        "Begin een nieuwe machtiging; de oude gegevens zijn dan al ingevuld.",
        "Begin a new mandate; the old data are filled in for you.",
    ),
    Obstacle.LINK_NOT_VALID: _advice(
        "Deze link is niet geldig of niet meer geldig.",
        "This link is not valid, or is no longer valid.",
        "Vraag degene die u uitnodigde om een nieuwe uitnodiging.",
        "Ask whoever invited you for a new invitation.",
    ),
    Obstacle.KVK_NOT_FOUND: _advice(
        "KVK kent dit nummer niet.",
        "KVK does not know this number.",
        "Controleer het KvK-nummer: het zijn 8 cijfers, bijvoorbeeld 68750110.",
        "Check the KvK number: it has 8 digits, 68750110 for example.",
    ),
    Obstacle.KVK_NOT_ACTIVE: _advice(
        "Deze organisatie is niet actief in het handelsregister.",
        "This organisation is not active in the trade register.",
        "Controleer het KvK-nummer, of neem contact op met de organisatie.",
        "Check the KvK number, or contact the organisation.",
    ),
    Obstacle.KVK_NO_ANSWER: _advice(
        "KVK geeft nu geen antwoord. Er is niets gewijzigd.",
        "KVK does not answer now. Nothing was changed.",
        "Probeer het later opnieuw.",
        "Try it again later.",
    ),
    Obstacle.KVK_CHECK_TOO_OLD: _advice(
        "De controle bij KVK is te oud.",
        "The check with KVK is too old.",
        "Laat de controle opnieuw doen.",
        "Have the check done again.",
    ),
    Obstacle.SIGNATORY_NOT_AUTHORISED: _advice(
        "Volgens KVK mag deze persoon niet tekenen voor de organisatie.",
        "According to KVK this person may not sign for the organisation.",
        "Laat iemand tekenen die bij KVK als vertegenwoordiger staat.",
        "Have somebody sign whom KVK has as a representative.",
    ),
    Obstacle.SIGNATURES_MISSING: _advice(
        "Er hebben nog niet genoeg vertegenwoordigers getekend.",
        "Not enough representatives have signed yet.",
        "Laat ook de andere vertegenwoordigers tekenen.",
        "Have the other representatives sign as well.",
    ),
    Obstacle.TOO_MANY_WAITING: _advice(
        "Er wachten te veel verzoeken op behandeling. Uw verzoek is niet opgeslagen.",
        "Too many requests wait to be dealt with. Your request was not saved.",
        "Probeer het morgen opnieuw met hetzelfde formulier.",
        "Try it again tomorrow with the same form.",
    ),
    Obstacle.CHANGED_MEANWHILE: _advice(
        "Iemand anders wijzigde dit terwijl u bezig was. Uw wijziging is niet opgeslagen.",
        "Somebody else changed this while you were busy. Your change was not saved.",
        "Vergelijk beide versies en sla opnieuw op wat u wilt.",
        "Compare both versions and save again what you want.",
    ),
    Obstacle.NOT_FOUND: _advice(
        "Dit bestaat niet, of is niet van uw organisatie.",
        "This does not exist, or is not your organisation's.",
        "Ga terug naar het overzicht en kies daar opnieuw.",
        "Go back to the overview and choose again there.",
    ),
}
"""The words for every obstacle."""
