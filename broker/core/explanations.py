"""What every reason for a refusal means in words, and what a person can do about it."""

from dataclasses import dataclass

from broker.core.links import Part
from broker.core.refusals import DenialReason
from broker.core.text import Text


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is the matter, and what the person can do."""

    reason: Text
    next_step: Text


PART_NAMES = {
    Part.MEANS: Text("uw inlogmiddel", "your means of login"),
    Part.DIRECT_MANDATE: Text("uw machtiging voor deze organisatie", "your mandate for this organisation"),
    Part.COUPLING: Text(
        "de koppeling van de ketenmachtiging aan uw inlogmiddel",
        "the coupling of the chain mandate to your means of login",
    ),
    Part.CHAIN_MANDATE: Text("de ketenmachtiging van uw klant", "your client's chain mandate"),
}
"""How a person would call the part that `Denied.weakest` names."""


def explain(reason: DenialReason) -> Explanation:
    """The words for `reason`."""
    return EXPLANATIONS[reason]


_ASK_MANAGER = Text(
    "Vraag de beheerder van eHerkenning in uw organisatie om dit aan te passen.",
    "Ask the eHerkenning manager in your organisation to change this.",
)
_ASK_CLIENT = Text(
    "Neem contact op met uw klant. Die kan een nieuwe ketenmachtiging afgeven.",
    "Contact your client, who can grant a new chain mandate.",
)
_ASK_SUPPLIER = Text(
    "Neem contact op met de leverancier van uw inlogmiddel.",
    "Contact the supplier of your means of login.",
)

EXPLANATIONS = {
    DenialReason.SERVICE_UNKNOWN: Explanation(
        Text("Deze dienst bestaat niet of niet meer.", "This service does not exist, or no longer exists."),
        Text("Neem contact op met de dienstverlener.", "Contact the service provider."),
    ),
    DenialReason.MEANS_NOT_USABLE: Explanation(
        Text(
            "Uw inlogmiddel is niet actief, of de geldigheid is voorbij.",
            "Your means of login is not active, or is no longer valid.",
        ),
        _ASK_SUPPLIER,
    ),
    DenialReason.USER_BLOCKED: Explanation(
        Text("Uw account is geblokkeerd of beëindigd.", "Your account has been blocked or ended."),
        Text(
            "Vraag de beheerder van eHerkenning in uw organisatie wat er aan de hand is.",
            "Ask the eHerkenning manager in your organisation what happened.",
        ),
    ),
    DenialReason.LOA_TOO_LOW: Explanation(
        Text(
            "Voor deze dienst is een hoger betrouwbaarheidsniveau nodig.",
            "This service needs a higher level of assurance.",
        ),
        Text(
            "Log in met een inlogmiddel van een hoger niveau, of laat het niveau van de machtiging verhogen.",
            "Log in with a means of a higher level, or have the level of the mandate raised.",
        ),
    ),
    DenialReason.USER_LAPSED: Explanation(
        Text(
            "U heeft uw machtigingen te lang niet gebruikt. Daarom zijn ze vervallen.",
            "You did not use your mandates for too long, so they have lapsed.",
        ),
        Text(
            "Vraag de beheerder van eHerkenning in uw organisatie om u opnieuw te machtigen.",
            "Ask the eHerkenning manager in your organisation to authorise you again.",
        ),
    ),
    DenialReason.ONLY_FOR_THIRD_PARTIES: Explanation(
        Text(
            "U mag voor klanten van deze organisatie inloggen, maar niet voor de organisatie zelf.",
            "You may log in for this organisation's clients, but not for the organisation itself.",
        ),
        _ASK_MANAGER,
    ),
    DenialReason.DIRECT_NOT_ACTIVE: Explanation(
        Text(
            "Uw machtiging voor deze organisatie is geschorst of ingetrokken.",
            "Your mandate for this organisation has been suspended or revoked.",
        ),
        _ASK_MANAGER,
    ),
    DenialReason.DIRECT_NOT_YET_VALID: Explanation(
        Text(
            "Uw machtiging voor deze organisatie gaat later in.",
            "Your mandate for this organisation starts on a later date.",
        ),
        Text("Wacht tot de ingangsdatum van de machtiging.", "Wait until the start date of the mandate."),
    ),
    DenialReason.DIRECT_EXPIRED: Explanation(
        Text("Uw machtiging voor deze organisatie is verlopen.", "Your mandate for this organisation has expired."),
        Text(
            "Vraag de beheerder van eHerkenning in uw organisatie om de machtiging te verlengen.",
            "Ask the eHerkenning manager in your organisation to renew the mandate.",
        ),
    ),
    DenialReason.ORGANISATION_NOT_ACTIVE: Explanation(
        Text(
            "De organisatie staat niet als actief in het Handelsregister.",
            "The organisation is not active in the trade register.",
        ),
        Text("Controleer de inschrijving bij KVK.", "Check the registration at KVK."),
    ),
    DenialReason.DIRECT_SERVICE_NOT_COVERED: Explanation(
        Text("Uw machtiging geldt niet voor deze dienst.", "Your mandate does not cover this service."),
        Text(
            "Vraag de beheerder van eHerkenning in uw organisatie om u voor deze dienst te machtigen.",
            "Ask the eHerkenning manager in your organisation to authorise you for this service.",
        ),
    ),
    DenialReason.BRANCH_NOT_ALLOWED: Explanation(
        Text(
            "Uw machtiging geldt alleen voor één vestiging. Deze dienst werkt alleen voor de hele organisatie.",
            "Your mandate is for one branch only. This service works for whole organisations only.",
        ),
        Text(
            "Vraag de beheerder van eHerkenning in uw organisatie om een machtiging voor de hele organisatie.",
            "Ask the eHerkenning manager in your organisation for a mandate for the whole organisation.",
        ),
    ),
    DenialReason.MEANS_TYPE_NOT_ALLOWED: Explanation(
        Text(
            "Met EH3 Belastingdienst kunt u niet namens klanten inloggen.",
            "You cannot log in on behalf of clients with EH3 Belastingdienst.",
        ),
        Text(
            "Vraag een gewoon inlogmiddel met niveau EH3 aan.",
            "Apply for a regular means of login of level EH3.",
        ),
    ),
    DenialReason.CHAIN_NEEDS_EH3: Explanation(
        Text(
            "Inloggen namens een klant kan alleen met niveau EH3 of hoger.",
            "Logging in on behalf of a client needs level EH3 or higher.",
        ),
        Text(
            "Log in met een inlogmiddel van niveau EH3 of hoger, of vraag dat aan.",
            "Log in with a means of level EH3 or higher, or apply for one.",
        ),
    ),
    DenialReason.CHAIN_NOT_ALLOWED_BY_SERVICE: Explanation(
        Text(
            "Bij deze dienst kunt u niet namens een klant inloggen.",
            "This service does not accept logins on behalf of a client.",
        ),
        Text(
            "Vraag de dienstverlener hoe u deze dienst voor uw klant kunt gebruiken.",
            "Ask the service provider how you can use this service for your client.",
        ),
    ),
    DenialReason.CHAIN_NOT_YET_ACTIVE: Explanation(
        Text(
            "De ketenmachtiging is aangevraagd, maar nog niet actief.",
            "The chain mandate was requested, but is not active yet.",
        ),
        Text(
            "Vraag uw klant om te tekenen, of wacht tot de aanvraag is beoordeeld.",
            "Ask your client to sign, or wait until the request has been reviewed.",
        ),
    ),
    DenialReason.CHAIN_NEVER_ACTIVATED: Explanation(
        Text(
            "De aanvraag van de ketenmachtiging is afgewezen, gestopt of vervallen.",
            "The request for the chain mandate was rejected, stopped or has lapsed.",
        ),
        Text("Vraag de ketenmachtiging opnieuw aan.", "Request the chain mandate again."),
    ),
    DenialReason.CHAIN_REVOKED: Explanation(
        Text("De ketenmachtiging is ingetrokken.", "The chain mandate has been revoked."),
        _ASK_CLIENT,
    ),
    DenialReason.CHAIN_SUSPENDED: Explanation(
        Text("De ketenmachtiging is tijdelijk geschorst.", "The chain mandate is suspended for now."),
        Text(
            "Vraag uw klant of uw beheerder waarom, en wanneer de machtiging weer actief wordt.",
            "Ask your client or your manager why, and when the mandate becomes active again.",
        ),
    ),
    DenialReason.CHAIN_NOT_YET_VALID: Explanation(
        Text("De ketenmachtiging gaat later in.", "The chain mandate starts on a later date."),
        Text("Wacht tot de ingangsdatum van de ketenmachtiging.", "Wait until the start date of the chain mandate."),
    ),
    DenialReason.CHAIN_EXPIRED: Explanation(
        Text("De ketenmachtiging is verlopen.", "The chain mandate has expired."),
        Text(
            "Vraag uw klant om de ketenmachtiging te verlengen.",
            "Ask your client to renew the chain mandate.",
        ),
    ),
    DenialReason.NO_USER_COUPLING: Explanation(
        Text(
            "Uw organisatie heeft een ketenmachtiging, maar die is niet aan uw inlogmiddel gekoppeld.",
            "Your organisation has a chain mandate, but it is not coupled to your means of login.",
        ),
        Text(
            "Vraag de beheerder van eHerkenning in uw organisatie om de ketenmachtiging aan u te koppelen.",
            "Ask the eHerkenning manager in your organisation to couple the chain mandate to you.",
        ),
    ),
    DenialReason.COUPLING_NOT_ACTIVE: Explanation(
        Text(
            "De koppeling tussen de ketenmachtiging en uw inlogmiddel is geschorst of ingetrokken.",
            "The coupling of the chain mandate to your means of login has been suspended or revoked.",
        ),
        _ASK_MANAGER,
    ),
    DenialReason.COUPLING_EXPIRED: Explanation(
        Text(
            "De koppeling tussen de ketenmachtiging en uw inlogmiddel is vandaag niet geldig.",
            "The coupling of the chain mandate to your means of login is not valid today.",
        ),
        Text(
            "Vraag de beheerder van eHerkenning in uw organisatie om de koppeling te verlengen.",
            "Ask the eHerkenning manager in your organisation to renew the coupling.",
        ),
    ),
    DenialReason.CHAIN_BROKEN: Explanation(
        Text(
            "U werkt niet meer voor de organisatie waaraan uw klant de machtiging gaf.",
            "You no longer work for the organisation that your client gave the mandate to.",
        ),
        Text(
            "Vraag uw klant om een ketenmachtiging voor de organisatie waar u nu werkt.",
            "Ask your client for a chain mandate for the organisation that you work for now.",
        ),
    ),
    DenialReason.RELATION_NOT_ACTIVE: Explanation(
        Text(
            "Uw klant staat niet als actief in het Handelsregister.",
            "Your client is not active in the trade register.",
        ),
        Text(
            "Vraag uw klant om de inschrijving bij KVK te controleren.",
            "Ask your client to check its registration at KVK.",
        ),
    ),
    DenialReason.INTERMEDIARY_NOT_ACTIVE: Explanation(
        Text(
            "Uw organisatie staat niet als actief in het Handelsregister.",
            "Your organisation is not active in the trade register.",
        ),
        Text(
            "Vraag uw beheerder om de inschrijving bij KVK te controleren.",
            "Ask your manager to check the registration at KVK.",
        ),
    ),
    DenialReason.CHAIN_SERVICE_NOT_COVERED: Explanation(
        Text("De ketenmachtiging geldt niet voor deze dienst.", "The chain mandate does not cover this service."),
        Text(
            "Vraag uw klant om een ketenmachtiging voor deze dienst.",
            "Ask your client for a chain mandate for this service.",
        ),
    ),
    DenialReason.COUPLING_SERVICE_NOT_COVERED: Explanation(
        Text(
            "De ketenmachtiging is voor deze dienst niet aan uw inlogmiddel gekoppeld.",
            "For this service, the chain mandate is not coupled to your means of login.",
        ),
        Text(
            "Vraag de beheerder van eHerkenning in uw organisatie om de koppeling uit te breiden.",
            "Ask the eHerkenning manager in your organisation to extend the coupling.",
        ),
    ),
    DenialReason.NO_MANDATE: Explanation(
        Text(
            "U heeft geen machtiging om voor een organisatie in te loggen.",
            "You have no mandate to log in for any organisation.",
        ),
        Text(
            "Vraag de beheerder van eHerkenning in uw organisatie om u te machtigen.",
            "Ask the eHerkenning manager in your organisation to authorise you.",
        ),
    ),
    DenialReason.NO_SUITABLE_MANDATE: Explanation(
        Text(
            "U heeft machtigingen, maar geen daarvan is geschikt voor deze dienst.",
            "You have mandates, but none of them is suitable for this service.",
        ),
        Text(
            "Vraag de beheerder van eHerkenning in uw organisatie welke machtiging u nodig heeft.",
            "Ask the eHerkenning manager in your organisation which mandate you need.",
        ),
    ),
    DenialReason.IDENTIFIER_NOT_AVAILABLE: Explanation(
        Text(
            "De dienst vraagt een nummer dat deze organisatie niet heeft, zoals een RSIN.",
            "The service asks for a number that this organisation does not have, such as an RSIN.",
        ),
        Text(
            "Kies een andere organisatie, of vraag de dienstverlener hoe deze organisatie kan inloggen.",
            "Choose another organisation, or ask the service provider how this organisation can log in.",
        ),
    ),
    DenialReason.NO_ENCRYPTION_CERTIFICATE: Explanation(
        Text(
            "De dienstverlener heeft geen certificaat waarmee wij uw gegevens kunnen versleutelen.",
            "The service provider has no certificate that we can encrypt your details with.",
        ),
        Text(
            "Meld dit aan de dienstverlener. Zolang het certificaat ontbreekt, kunt u niet inloggen.",
            "Report this to the service provider. As long as the certificate is missing, you cannot log in.",
        ),
    ),
    DenialReason.BSN_NOT_AVAILABLE: Explanation(
        Text(
            "De dienst vraagt voor deze organisatie het BSN van de eigenaar. De simulator levert geen BSN.",
            "For this organisation the service asks for the citizen service number (BSN) of the owner. The simulator "
            "delivers no BSN.",
        ),
        Text(
            "Kies een andere organisatie, of log in met een ander inlogmiddel.",
            "Choose another organisation, or log in with another means.",
        ),
    ),
    DenialReason.ATTRIBUTE_NOT_AVAILABLE: Explanation(
        Text(
            "De dienst vraagt een gegeven dat van deze organisatie niet bekend is, zoals een btw-nummer.",
            "The service asks for something that is not known of this organisation, such as a VAT number.",
        ),
        Text(
            "Kies een andere organisatie, of vraag de dienstverlener hoe deze organisatie kan inloggen.",
            "Choose another organisation, or ask the service provider how this organisation can log in.",
        ),
    ),
}
