"""The words of the stub authentication service's pages, in Dutch and English."""

from broker.core.text import Text

NAME = Text("Stub Authenticatiedienst A", "Stub Authentication Service A")
ROLE = Text("Authenticatiedienst", "Authentication service (authenticatiedienst)")
BANNER = Text(
    "Simulator – geen echte eHerkenning – gebruik geen echte gegevens",
    "Simulator – not the real eHerkenning – do not use real data",
)
TITLE_END = Text("Simulator, geen echte eHerkenning", "Simulator, not the real eHerkenning")
SKIP = Text("Naar de inhoud", "Skip to content")
LANGUAGE = Text("Taal", "Language")
FOOTER = Text(
    "Dit is een nagebouwde authenticatiedienst. Alle personen zijn verzonnen; u heeft geen wachtwoord nodig.",
    "This is an imitation of an authentication service. All people are fictitious; you need no password.",
)
HELP = Text("Hulp", "Help")
HELP_TEXT = Text(
    "Kies een persoon en een inlogmiddel. Wilt u niet inloggen? Kies dan Annuleren.",
    "Choose a person and a means of login. Do you not want to log in? Then choose Cancel.",
)

HOME = Text("Een authenticatiedienst om mee te oefenen", "An authentication service to practise with")
WHAT_IT_IS = Text(
    "Een authenticatiedienst stelt vast wie u bent. Hier heeft u daarvoor geen wachtwoord nodig: u kiest een verzonnen "
    "persoon en een inlogmiddel.",
    "An authentication service establishes who you are. Here you need no password for that: you choose a fictitious "
    "person and a means of login.",
)
WHERE_IT_STARTS = Text(
    "Inloggen begint bij een dienstverlener. Kies daar voor eHerkenning, dan komt u vanzelf hier.",
    "Logging in starts at a service provider. Choose eHerkenning there, and you will come here by itself.",
)
TO_DEMO = Text("Probeer het bij de demo van dienstverleners", "Try it at the demo of service providers")

SIGN_IN = Text("Kies wie u bent", "Choose who you are")
ASKED_BY = Text("{broker} vraagt wie u bent.", "{broker} asks who you are.")
ASKED_FOR = Text("U wilt inloggen voor {service} bij {name}.", "You want to log in for {service} at {name}.")
ASKED_BY_NAME = Text("U wilt inloggen bij {name}.", "You want to log in at {name}.")
LEVEL = Text("Nodig: betrouwbaarheidsniveau {level} of hoger.", "Needed: assurance level {level} or higher.")
SEARCH = Text("Zoek op naam, organisatie of niveau", "Search by name, organisation or level")
SEARCH_BUTTON = Text("Zoek", "Search")
SHOW_ALL = Text("Toon iedereen", "Show everyone")
FOUND = Text("{count} personen", "{count} people")
FOUND_ONE = Text("1 persoon", "1 person")
NONE_FOUND = Text("Niemand gevonden met ‘{query}’.", "No one found for ‘{query}’.")
LOG_IN_WITH = Text("Log in met {level}", "Log in with {level}")
AS_PERSON = Text("als {person}", "as {person}")
SUFFICES = Text("voldoet", "sufficient")
REFUSED = Text("wordt geweigerd: {problem}", "will be refused: {problem}")
CANCEL = Text("Annuleren", "Cancel")
CANCEL_RETURN = Text("Annuleren en terug naar {broker}", "Cancel and go back to {broker}")

MEANS_REFUSED = Text("U bent niet ingelogd", "You are not logged in")
WHAT_NOW = Text("Wat kunt u doen?", "What can you do?")
RETRY = Text("Kies een ander middel", "Choose another means of login")
PERSON = Text("Persoon", "Person")
MEANS = Text("Inlogmiddel", "Means of login")
NEEDED = Text("Nodig", "Needed")
CODE = Text("Code", "Code")
INCIDENT = Text("Incidentnummer", "Incident number")

RETURN = Text("Terug naar {broker}", "Back to {broker}")
RETURN_TEXT = Text(
    "U gaat vanzelf verder. Gebeurt er niets? Kies dan Ga verder.",
    "You continue automatically. Does nothing happen? Then choose Continue.",
)
CONTINUE = Text("Ga verder", "Continue")

LOGGED_OUT = Text("U bent uitgelogd", "You are logged out")
LOGGED_OUT_BOTH = Text(
    "U bent uitgelogd bij {provider} en bij {service}.", "You are logged out of {provider} and {service}."
)
LOGGED_OUT_HERE = Text("U bent uitgelogd bij {service}.", "You are logged out of {service}.")
LOGGED_OUT_ADVICE = Text(
    "Bent u ook bij andere websites ingelogd? Log daar dan ook uit. Sluit daarna alle vensters van uw browser.",
    "Are you logged in at other websites too? Log out there as well. Then close all windows of your browser.",
)

QUOTE = Text(
    "Vraagt u om hulp? Geef dan deze gegevens door.",
    "If you ask for help, pass on these details.",
)

PROBLEM_TITLE = Text("Inloggen lukt hier niet", "Logging in does not work here")
NOT_TRUSTED = Text(
    "De vraag om u te laten inloggen is niet te vertrouwen, te oud, of al beantwoord.",
    "The question to log you in cannot be trusted, is too old, or was answered already.",
)
NOT_UNDERSTOOD = Text("Dit adres of dit verzoek kennen wij niet.", "We do not know this address or this request.")
WENT_WRONG = Text("Er ging iets mis. Dit ligt niet aan u.", "Something went wrong. It is not your fault.")
START_AGAIN = Text(
    "Ga terug naar de website van de dienstverlener en begin daar opnieuw met inloggen.",
    "Go back to the website of the service provider and start logging in again there.",
)

# By reason code: what is the matter, and what the person can do.
MEANS_PROBLEMS = {
    "NOT_ACTIVE": (
        Text("dit inlogmiddel is niet actief", "this means of login is not active"),
        Text(
            "Kies een ander inlogmiddel, of vraag uw leverancier waarom dit middel niet actief is.",
            "Choose another means of login, or ask your supplier why this one is not active.",
        ),
    ),
    "NOT_VALID": (
        Text("dit inlogmiddel is vandaag niet geldig", "this means of login is not valid today"),
        Text(
            "Kies een ander inlogmiddel, of vraag een nieuw middel aan.",
            "Choose another means of login, or apply for a new one.",
        ),
    ),
    "LEVEL_TOO_LOW": (
        Text("het betrouwbaarheidsniveau is te laag", "the level of assurance is too low"),
        Text(
            "Kies een inlogmiddel van een hoger niveau, of vraag dat aan.",
            "Choose a means of login of a higher level, or apply for one.",
        ),
    ),
}
