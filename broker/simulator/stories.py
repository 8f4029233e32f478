"""Stories to show: logins of the sample register at the demo service provider, each with what there is to see and why.

Each is a real login of which the choices are written down (`control.scripting`). None changes the register, so each can
be told again and again.
"""

from dataclasses import dataclass
from typing import Final

from broker.core.errors import NotFound
from broker.core.script import Refused, Script
from broker.core.text import Text
from broker.simulator.context import Simulator
from broker.simulator.control import scripting
from broker.simulator.parties import PORTALS
from broker.simulator.service_providers import ServiceProviders

_ACCOUNTANT: Final = "fleur-eh3"


@dataclass(frozen=True, slots=True)
class Act:
    """One login of a story: what its button reads, and what happens in it."""

    label: Text
    script: Script


@dataclass(frozen=True, slots=True)
class Story:
    """A story at service `service` (an index) of the demo portal `portal`. `seen` is what to look at, `why` the "
    "reason."""

    key: str
    portal: str
    service: int
    title: Text
    seen: Text
    why: Text
    acts: tuple[Act, ...]


def _for(client: str, refused: Refused | None = None) -> Script:
    return Script(means=_ACCOUNTANT, client=client, refused=refused)


_SHOW: Final = Text("Laat zien", "Show")
_BY_HAND: Final = Act(Text("Kies zelf een organisatie", "Choose an organisation yourself"), Script(means=_ACCOUNTANT))
_GLASSWORKS: Final = "glasblazerij-zeepbel"

STORIES: Final = (
    Story(
        key="own-company",
        portal="gemeente",
        service=9001,
        title=Text("Voor het eigen bedrijf", "For one's own company"),
        seen=Text(
            "Fleur Voorbeeld logt in bij de gemeente voor haar eigen kantoor. Het portaal noemt één organisatie, "
            "en geen intermediair.",
            "Fleur Voorbeeld logs in at the municipality for her own office. The portal names one organisation, "
            "and no intermediary.",
        ),
        why=Text(
            "Haar kantoor heeft haar zelf gemachtigd. Er is dus geen keten, en er is één verklaring van een register.",
            "Her office authorised her itself. So there is no chain, and one register states it.",
        ),
        acts=(Act(_SHOW, _for("administratiekantoor-papiermolen")), _BY_HAND),
    ),
    Story(
        key="chain",
        portal="gemeente",
        service=9001,
        title=Text("Namens een klant", "On behalf of a client"),
        seen=Text(
            "Fleur logt in namens Glasblazerij Zeepbel. Het portaal noemt de klant, en het kantoor als intermediair.",
            "Fleur logs in on behalf of Glasblazerij Zeepbel. The portal names the client, and the office as "
            "intermediary.",
        ),
        why=Text(
            "De klant heeft het kantoor gemachtigd, en het kantoor Fleur. Twee registers verklaren elk hun "
            "schakel van de keten.",
            "The client authorised the office, and the office Fleur. Two registers each state their link of the chain.",
        ),
        acts=(Act(_SHOW, _for(_GLASSWORKS)), _BY_HAND),
    ),
    Story(
        key="provider-wide",
        portal="belastingdienst",
        service=9002,
        title=Text("Een dienst die er later bij kwam", "A service that was added later"),
        seen=Text(
            "Fleur logt in bij de Belastingdienst namens Boekhandel Het Lege Blad, voor een dienst die niet in de"
            " machtiging staat.",
            "Fleur logs in at the Tax Administration on behalf of Boekhandel Het Lege Blad, for a service that "
            "the mandate does not name.",
        ),
        why=Text(
            "De machtiging noemt de dienstverlener, niet de diensten. Zij geldt voor al zijn diensten, ook voor "
            "wat er later bij komt. Bij de gemeente geldt zij niet.",
            "The mandate names the service provider, not the services. It is good for all its services, also "
            "those that are added later. At the municipality it is not.",
        ),
        acts=(Act(_SHOW, _for("boekhandel-het-lege-blad")), _BY_HAND),
    ),
    Story(
        key="expired",
        portal="gemeente",
        service=9001,
        title=Text("De machtiging is verlopen", "The mandate has expired"),
        seen=Text(
            "Fleur wil inloggen namens Pannenkoekenhuis De Platte Aarde. Dat lukt niet. Het portaal krijgt de reden.",
            "Fleur wants to log in on behalf of Pannenkoekenhuis De Platte Aarde. She cannot. The portal gets the"
            " reason.",
        ),
        why=Text(
            "De laatste dag van de ketenmachtiging was gisteren. Een beheerder moet haar eerst verlengen.",
            "The last day of the chain mandate was yesterday. A manager must extend it first.",
        ),
        acts=(Act(_SHOW, _for("pannenkoekenhuis-de-platte-aarde")), _BY_HAND),
    ),
    Story(
        key="revoked",
        portal="gemeente",
        service=9001,
        title=Text("Ingetrokken tijdens het inloggen", "Revoked in the middle of a login"),
        seen=Text(
            "Fleur kiest Glasblazerij Zeepbel in de lijst. Dan trekt de klant de machtiging in. Zij komt er niet "
            "meer in.",
            "Fleur chooses Glasblazerij Zeepbel from the list. Then the client revokes the mandate. She does not "
            "get in.",
        ),
        why=Text(
            "De makelaar beslist opnieuw op het moment dat hij het antwoord geeft. In dit verhaal is de "
            "machtiging alleen voor deze ene login ingetrokken, zodat u het vaker kunt tonen.",
            "The broker decides again at the moment of the answer. In this story the mandate is revoked for this "
            "one login alone, so that you can show it again.",
        ),
        acts=(Act(_SHOW, _for(_GLASSWORKS, Refused.REVOKED)),),
    ),
    Story(
        key="two-tabs",
        portal="gemeente",
        service=9001,
        title=Text("Twee klanten in twee tabbladen", "Two clients in two tabs"),
        seen=Text(
            "Open beide logins en leg de tabbladen naast elkaar. De organisatie verschilt. Het pseudoniem van de "
            "handelende persoon is hetzelfde.",
            "Open both logins and put the tabs side by side. The organisation differs. The pseudonym of the "
            "acting person is the same.",
        ),
        why=Text(
            "Het pseudoniem (ActingSubjectID) hangt af van Fleur, haar kantoor en de dienstverlener, niet van de "
            "klant. Wie daarop een sessie zoekt, haalt twee klanten door elkaar.",
            "The pseudonym (ActingSubjectID) depends on Fleur, her office and the service provider, not on the "
            "client. Software that finds a session by it mixes up two clients.",
        ),
        acts=(
            Act(Text("Eerste klant: Glasblazerij Zeepbel", "First client: Glasblazerij Zeepbel"), _for(_GLASSWORKS)),
            Act(Text("Tweede klant: IJssalon Poolster", "Second client: IJssalon Poolster"), _for("ijssalon-poolster")),
        ),
    ),
)


def start_url(sim: Simulator, story: Story) -> str | None:
    """Where the login begins; None when the demo's portal is not registered here."""
    entity_id = _entity_id(story)
    known = sim.store.read(lambda tx: ServiceProviders().find(tx, entity_id, sim.clock()))
    if known is None or not known.assertion_consumers:
        return None
    base, found, _ = known.assertion_consumers[0].location.partition("/acs/")
    return f"{base}/login/{story.portal}?service={story.service}" if found else None


def begin(sim: Simulator, key: str, number: str) -> str:
    """Write down what the next login at the portal does; the address where it begins. Raises `NotFound`.

    `number` is that of one of its logins, from 0.
    """
    story = next((item for item in STORIES if item.key == key), None)
    address = start_url(sim, story) if story else None
    act = next((item for index, item in enumerate(story.acts) if str(index) == number), None) if story else None
    if story is None or act is None or address is None:
        raise NotFound(f"no story {key[:40]!r} with login {number[:10]!r}, or no demo to show it at")
    scripting.put(sim, act.script, _entity_id(story))
    return address


def _entity_id(story: Story) -> str:
    return next(portal.entity.entity_id for portal in PORTALS if portal.key == story.portal)
