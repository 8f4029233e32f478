"""Every page about invitations, mails and becoming an intermediary, with values as they occur."""

from collections.abc import Mapping
from datetime import date, datetime

from flask import Flask

from broker.core.administration.representatives import Authority, Representative
from broker.core.clock import AMSTERDAM
from broker.core.text import Text
from broker.web.answering.forms import ConsentForm, DeclineForm, NextSigner
from broker.web.answering.pages import Answer, Answered, CannotAnswer, ScopeItem, Sign
from broker.web.management.forms import ModuleForm
from broker.web.management.invitation_forms import AddressForm, ReasonForm, UploadForm
from broker.web.management.invitation_pages import (
    BatchDetails,
    Batches,
    BatchRow,
    InvitationDetails,
    InvitationRow,
    Invitations,
    ReceivedInvitation,
    ResultRow,
    WaitingRow,
)
from broker.web.management.register_pages import Fact, StatusChoice, Way
from broker.web.onboarding.forms import ApplicationForm, QuoteForm
from broker.web.onboarding.pages import Apply, Example, Explained, Prices, Taken
from broker.web.operator.mailbox_pages import Mailbox, MailRow, OpenedMail
from broker.web.pages import Page, Results
from tests.web.module_samples import HIDDEN, OVERVIEW, module_values, place
from tests.web.operator_samples import FRAME

LONG = "Coöperatieve Zuivelvereniging Noord-Oost-Twente en Achterhoek U.A."
INVITATIONS = Text("Uitnodigingen", "Invitations")
BELOW = module_values(INVITATIONS, (place(OVERVIEW, "/module_overview"), place(INVITATIONS, "/module_invi")))
WAITS, WRONG_ADDRESS = Text("Wacht op antwoord", "Waiting for an answer"), Text("Adres klopt niet", "Address is wrong")
SCOPE = Text("Belastingdienst: alle diensten, ook nieuwe", "Belastingdienst: all services, new ones too")
MISTAKE = Text("Dit klopt niet.", "This is wrong.")
ASKED = (
    Fact(name=Text("Geldt voor", "Covers"), values=(SCOPE, "UWV: dossier")),
    Fact(name=Text("Niveau", "Level"), values=("EH3",)),
    Fact(name=Text("Geldig tot en met", "Valid until"), values=(date(2029, 12, 31),)),
)
PARTY = (
    Fact(name=Text("Naam", "Name"), values=(LONG,)),
    Fact(name=Text("KvK-nummer", "KvK number"), values=("90001002",)),
)
AT = datetime(2026, 11, 24, 14, 5, tzinfo=AMSTERDAM)


def filled(kind: type[ModuleForm], *wrong: str, **data: object) -> ModuleForm:
    """A form as it is first shown, or as it comes back with something wrong."""
    with Flask(__name__).test_request_context():
        made = kind(formdata=None, data=data)
    if isinstance(made, NextSigner):
        made.offer([Representative("Rinkel de Groot", Authority.JOINT), Representative("Tring Mul", Authority.JOINT)])
    for name in wrong:
        made.refuse(name, MISTAKE)
    return made


def row(number: int) -> InvitationRow:
    return InvitationRow(
        client=(LONG, "Bakkerij De Korenaar")[number % 2],
        kvk_number=f"{90001000 + number}",
        email=f"klant{number}@voorbeeld.example",
        sent_on=date(2026, 11, 24),
        expires_on=date(2027, 2, 24),
        status=(WAITS, WRONG_ADDRESS)[number % 2],
        good=number % 2 == 0,
        scope=SCOPE,
        reference="D-7" if number == 0 else "",
        renewal=number == 1,
        address="/module_invitation",
    )


def mail(number: int) -> MailRow:
    return MailRow(
        subject=("De ketenmachtiging is actief", "Your signature is needed")[number % 2],
        recipient=f"iemand.met.een.lange.naam{number}@afdeling.voorbeeld.example",
        at=AT,
        state=Text("alleen in dit postvak", "in this mailbox only"),
        language=("nl", "en")[number % 2],
        url="/operator_mail",
    )


def batch(*, working: bool) -> BatchDetails:
    return BatchDetails(
        **BELOW,
        name="klanten van 2026.csv",
        state=Text("Wordt verstuurd", "Being sent") if working else Text("Klaar", "Done"),
        working=working,
        rows=50_000,
        rows_done=12_500 if working else 50_000,
        counts=((Text("Uitgenodigd", "Invited"), 12_498), (Text("Fout", "Wrong"), 2)),
        results=()
        if working
        else tuple(
            ResultRow(line=line, kvk_number="6959908", outcome=Text("Fout", "Wrong"), reasons=(MISTAKE, MISTAKE))
            for line in (3, 49_999)
        ),
        run_url=None if working else "/posted",
        run_name=Text("Probeer de foute regels opnieuw", "Try the wrong rows again"),
        errors_url=None if working else "/fouten.csv",
        all_url="/resultaten.csv",
        refresh_url="/module_batch" if working else None,
        quiet_url="/module_batch?stil=ja" if working else None,
    )


PAGES: Mapping[str, Page] = {
    "module_invi": Invitations(
        **module_values(INVITATIONS),
        waiting=(
            WaitingRow(
                intermediary=LONG,
                kvk_number="90001002",
                expires_on=date(2027, 2, 24),
                scope=SCOPE,
                renewal=True,
                address="/module_received_invitation",
            ),
        ),
        invitations=tuple(map(row, range(3))),
        statuses=(StatusChoice(value="sent", name=WAITS),),
        ways=(Way(name=Text("Een klant uitnodigen", "Invite a client"), address="/posted"),),
        results=Results(total=812, number=2),
        query="",
        status="sent",
        list_url="/module_invi",
    ),
    "module_invitation": InvitationDetails(
        **BELOW,
        heading=Text(f"Uitnodiging aan {LONG}", f"Invitation to {LONG}"),
        status=WRONG_ADDRESS,
        good=False,
        facts=(*PARTY, *ASKED),
        ways=(Way(name=Text("Naar de machtiging", "To the mandate"), address="/module_mandate"),),
        address_form=filled(AddressForm, email="klant@voorbeeld.example"),
        send_url="/posted",
        cancel_url="/posted",
        version=2,
    ),
    "module_received_invitation": ReceivedInvitation(
        **BELOW,
        heading=Text(f"Verzoek van {LONG}", f"Request of {LONG}"),
        lead=Text("Zij vragen u om een ketenmachtiging.", "They ask you for a chain mandate."),
        facts=(*PARTY, *ASKED),
        accept_url="/posted?accept",
        decline_url="/posted",
        form=filled(ReasonForm),
        version=1,
    ),
    "module_batches": Batches(
        **BELOW,
        form=filled(UploadForm, "file"),
        upload_url="/posted",
        header="kvk;email;naam_contact;diensten;niveau;einddatum;taal;referentie",
        example="69599068;klant@voorbeeld.nl;T. Mul;00000099000000110000;EH3;31-12-2029;nl;dossier 12",
        codes=ASKED[:1],
        batches=(
            BatchRow(name="klanten.csv", at=AT, rows=1, state=Text("Klaar", "Done"), address="/module_batch_done"),
        ),
    ),
    "module_batch": batch(working=True),
    "module_batch_done": batch(working=False),
    "answer": Answer(
        intermediary=LONG,
        renewal=False,
        terms=ASKED,
        party=PARTY,
        client=PARTY,
        items=(
            ScopeItem(value="*", name=Text("Alles", "Everything"), ticked=True),
            ScopeItem(value="x", name=SCOPE, ticked=False),
        ),
        form=filled(ConsentForm, "item", "representative", "cosigner", "cosigner_email", "agree"),
        several=True,
        accept_url="/posted",
        decline_form=filled(DeclineForm),
        decline_url="/posted?decline",
        hidden=HIDDEN,
    ),
    "sign": Sign(
        representative="Tring Mul",
        signed=("Rinkel de Groot",),
        terms=ASKED,
        form=filled(NextSigner),
        several=True,
        sign_url="/posted",
        decline_form=filled(DeclineForm),
        decline_url="/posted?decline",
        hidden=HIDDEN,
    ),
    "answered": Answered(
        heading=Text("U hebt getekend", "You have signed"), lead=(Text("U hoort van ons.", "You will hear of us."),)
    ),
    "cannot_answer": CannotAnswer(
        reason=Text("Deze link is niet geldig.", "This link is not valid."),
        next_step=Text("Vraag om een nieuwe.", "Ask for a new one."),
        code="LINK_NOT_VALID",
    ),
    "explained": Explained(
        begin_url="/apply", prices_url="/prices", urgent_url="/posted", module_url="/module_front", codes_url="/help"
    ),
    "apply": Apply(form=filled(ApplicationForm, "number"), action="/posted", hidden=HIDDEN),
    "prices": Prices(
        price="€ 19,95",
        flat=False,
        examples=(Example(clients=1, price="€ 19,95"), Example(clients=100, price="€ 1.995,00")),
        form=filled(QuoteForm),
        action="/posted",
        hidden=HIDDEN,
    ),
    "taken": Taken(
        heading=Text("Uw aanmelding is ontvangen", "Your application was received"),
        lead=(Text("U krijgt een mail.", "You get a mail."),),
        back_url="/explained",
    ),
    "operator_mailbox": Mailbox(
        **FRAME,
        mails=tuple(map(mail, range(3))),
        results=Results(total=51, number=2),
        query="iemand",
        list_url="/operator_mailbox",
        server="127.0.0.1:1025",
    ),
    "operator_mail": OpenedMail(
        **FRAME,
        row=mail(1),
        name="Tring Mul",
        before=("Dear Tring Mul,", "Services: all\nLevel: EH3"),
        link="http://localhost:8080/ondertekenen/" + "x" * 43,
        after=("This message is from a simulator.",),
        problem="550 5.1.1 no such user",
        bounce_url="/posted",
        hidden=HIDDEN,
        back_url="/operator_mailbox",
    ),
}
