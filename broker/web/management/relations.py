"""Relations: the list, one relation, adding one with what KVK tells, removing one with all that hangs on it."""

from typing import Final

from flask import redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import Optional

from broker.core.administration.obstacles import ChangeRefused
from broker.core.administration.trade_register import Extract
from broker.core.identifiers import KvkNumber
from broker.core.text import Text
from broker.simulator.administration import relations as register
from broker.simulator.administration.relations import Hanging
from broker.web import pages
from broker.web.current import simulator
from broker.web.management import frame, visit
from broker.web.management.forms import UNPROCESSABLE, AtMost, ModuleForm, email_address, kvk_number
from broker.web.management.mandates import row_of
from broker.web.management.register_pages import Change, RelationDetails, RelationRow, Relations, Way
from broker.web.management.routes import blueprint
from broker.web.management.showing import AS_CSV, BACK, CANCEL, fact, facts_of, page_number, told

_SEE_OTHER: Final = 303
_WITHIN: Final = "management.relations"
_ADD: Final = Text("Relatie toevoegen", "Add a relation")


class NumberForm(ModuleForm):
    """Which organisation."""

    number = StringField(
        Text("KvK-nummer", "KvK number"),
        [kvk_number],
        description=Text("8 cijfers, bijvoorbeeld 68750110", "8 digits, 68750110 for example"),
    )


class AddressForm(ModuleForm):
    """Whom to write to there."""

    contact = StringField(Text("Contactpersoon (niet verplicht)", "Contact (optional)"), [AtMost(100)])
    email = StringField(Text("E-mailadres (niet verplicht)", "E-mail address (optional)"), [Optional(), email_address])


class RemovalForm(ModuleForm):
    """Why a relation is removed."""

    reason = StringField(
        Text("Reden (niet verplicht)", "Reason (optional)"),
        [AtMost(200)],
        description=Text(
            "De reden staat ook in de geschiedenis die de relatie ziet.",
            "The reason also stands in the history that the relation sees.",
        ),
    )


@blueprint.get("/relaties")
def relations() -> Response:
    """The clients of the visitor's organisation."""
    typed, number = request.args.get("q", ""), page_number()
    found = register.listed(simulator(), visit.actor(), typed, number)
    return pages.render(
        Relations(
            **frame.values(),
            relations=tuple(
                RelationRow(
                    name=one.organisation.statutory_name,
                    kvk_number=one.organisation.kvk_number,
                    city=one.organisation.city,
                    mandates=one.mandates,
                    address=url_for("management.relation", client_id=one.organisation.id),
                )
                for one in found.relations
            ),
            results=pages.Results(total=found.total, number=number),
            query=typed,
            list_url=url_for("management.relations"),
            ways=(
                Way(name=_ADD, address=url_for("management.new_relation")),
                Way(name=AS_CSV, address=url_for("management.relations_file")),
            ),
        )
    )


@blueprint.get("/relaties/van/<client_id>")
def relation(client_id: str) -> Response:
    """One relation and its mandates."""
    found = register.look(simulator(), visit.actor(), client_id)
    return pages.render(
        RelationDetails(
            **frame.values(_WITHIN),
            name=found.organisation.statutory_name,
            facts=(
                *facts_of(found.organisation),
                fact(Text("Contactpersoon", "Contact"), found.relation.contact or "–"),
                fact(Text("E-mailadres", "E-mail address"), found.relation.email or "–"),
            ),
            mandates=tuple(row_of(one) for one in found.mandates),
            remove_url=url_for("management.remove_relation", client_id=client_id),
        )
    )


@blueprint.get("/relaties/nieuw")
def new_relation() -> Response:
    """Ask for the KvK number."""
    return _ask_number(NumberForm(request.args))


@blueprint.get("/relaties/nieuw/controleren")
def check_relation() -> Response:
    """Show what KVK tells, to be confirmed (M-20)."""
    form = NumberForm(request.args)
    extract = _looked_up(form)
    return _confirm(extract, AddressForm()) if extract else _ask_number(form, UNPROCESSABLE)


@blueprint.post("/relaties/nieuw")
def add_relation() -> Response:
    """Add the relation that was confirmed."""
    number, form = NumberForm(request.form), AddressForm(request.form)
    extract = _looked_up(number)
    if extract is None:
        return _ask_number(number, UNPROCESSABLE)
    if not form.validate():
        return _confirm(extract, form, UNPROCESSABLE)
    register.add(simulator(), visit.actor(), extract.kvk_number, form.email.data or "", form.contact.data or "")
    name = extract.statutory_name
    visit.tell(Text(f"{name} is toegevoegd aan uw relaties.", f"{name} was added to your relations."))
    return redirect(url_for(_WITHIN), _SEE_OTHER)


@blueprint.get("/relaties/van/<client_id>/verwijderen")
def remove_relation(client_id: str) -> Response:
    """Tell what ends, before it does (M-21)."""
    return _ask_removal(register.what_ends(simulator(), visit.actor(), client_id), RemovalForm())


@blueprint.post("/relaties/van/<client_id>/verwijderen")
def removed_relation(client_id: str) -> Response:
    """Remove the relation."""
    form = RemovalForm(request.form)
    if not form.validate():
        return _ask_removal(register.what_ends(simulator(), visit.actor(), client_id), form, UNPROCESSABLE)
    ended = register.remove(simulator(), visit.actor(), client_id, form.reason.data or "")
    name = ended.organisation.statutory_name
    visit.tell(Text(f"{name} is geen relatie meer.", f"{name} is no longer a relation."))
    return redirect(url_for(_WITHIN), _SEE_OTHER)


def _looked_up(form: NumberForm) -> Extract | None:
    if not form.validate():
        return None
    try:
        return register.look_up(simulator(), visit.actor(), KvkNumber(form.number.data))
    except ChangeRefused as error:
        form.refuse("number", told(error))
        return None


def _ask_number(form: NumberForm, status: int = 200) -> Response:
    return pages.render(
        Change(
            **frame.values(_WITHIN),
            heading=_ADD,
            lead=(
                Text(
                    "Vul het KvK-nummer van uw klant in. Daarna ziet u de gegevens die KVK van de klant heeft.",
                    "Fill in your client's KvK number. Then you see what KVK knows of the client.",
                ),
            ),
            form=form,
            action=url_for("management.check_relation"),
            method="get",
            button=Text("Ga verder", "Continue"),
            back=Way(name=CANCEL, address=url_for(_WITHIN)),
        ),
        status,
    )


def _confirm(extract: Extract, form: AddressForm, status: int = 200) -> Response:
    number = extract.kvk_number
    return pages.render(
        Change(
            **frame.values(_WITHIN),
            heading=Text("Klopt dit?", "Is this right?"),
            lead=(Text("Dit zijn de gegevens van KVK.", "These are the data of KVK."),),
            facts=facts_of(extract),
            form=form,
            given={"number": number},
            action=url_for("management.add_relation"),
            button=Text("Voeg deze relatie toe", "Add this relation"),
            back=Way(name=BACK, address=url_for("management.new_relation", number=number)),
        ),
        status,
    )


def _ask_removal(hanging: Hanging, form: RemovalForm, status: int = 200) -> Response:
    name = hanging.organisation.statutory_name
    counted = (
        (Text("Ketenmachtigingen", "Chain mandates"), hanging.mandates),
        (Text("Koppelingen aan inlogmiddelen", "Couplings to means of login"), hanging.couplings),
        (Text("Open uitnodigingen", "Open invitations"), hanging.invitations),
    )
    return pages.render(
        Change(
            **frame.values(_WITHIN),
            heading=Text(f"{name} verwijderen?", f"Remove {name}?"),
            lead=(Text("Hiermee eindigt alles wat hieronder staat.", "This ends everything below."),),
            warning=Text(
                "Dit kunt u niet ongedaan maken. Niemand kan daarna nog namens deze relatie inloggen. De geschiedenis "
                "blijft bewaard.",
                "You cannot undo this. Nobody can log in on behalf of this relation after that. The history is kept.",
            ),
            facts=tuple(fact(what, str(len(ending))) for what, ending in counted),
            form=form,
            action=url_for("management.removed_relation", client_id=hanging.organisation.id),
            button=Text("Verwijder deze relatie", "Remove this relation"),
            back=Way(name=CANCEL, address=url_for("management.relation", client_id=hanging.organisation.id)),
        ),
        status,
    )
