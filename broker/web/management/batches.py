"""Inviting many clients at once from a file (M-23): upload, see what will happen, carry out, take the results home."""

from collections.abc import Iterator
from typing import Final

from flask import redirect, request, stream_with_context, url_for
from werkzeug.wrappers import Response

from broker.core.administration import scope_parts
from broker.core.administration.batch_file import ALL_SERVICES, COLUMNS, FileRefused
from broker.core.administration.batch_words import OUTCOMES, explain_file, explain_row
from broker.core.administration.batches import Batch, BatchState, RowOutcome, may_run
from broker.core.clock import AMSTERDAM
from broker.core.text import Text
from broker.simulator.administration import batch_control, batch_upload
from broker.simulator.administration.batch_control import ShownRow
from broker.web import pages
from broker.web.current import simulator
from broker.web.language import current_language
from broker.web.management import frame, visit
from broker.web.management.forms import UNPROCESSABLE
from broker.web.management.invitation_forms import UploadForm
from broker.web.management.invitation_pages import BatchDetails, Batches, BatchRow, ResultRow
from broker.web.management.invitations import WITHIN
from broker.web.management.pages import NavigationItem
from broker.web.management.register_pages import Fact
from broker.web.management.routes import blueprint
from broker.web.management.showing import fact

_SEE_OTHER: Final = 303
_REFRESH_S: Final = 2
_STATES: Final = {
    BatchState.LOADING: Text("Uploaden is niet afgemaakt", "The upload was not finished"),
    BatchState.UPLOADED: Text("Wordt gecontroleerd", "Being checked"),
    BatchState.CHECKED: Text("Gecontroleerd, nog niet verstuurd", "Checked, not sent yet"),
    BatchState.RUNNING: Text("Wordt verstuurd", "Being sent"),
    BatchState.DONE: Text("Klaar", "Done"),
}
_EXAMPLE: Final = "69599068;klant@voorbeeld.nl;T. Zadelmaker;{services};EH3;31-12-2029;nl;dossier 12"
_INVITE_ALL: Final = Text("Verstuur de uitnodigingen", "Send the invitations")
_TRY_AGAIN: Final = Text("Probeer de foute regels opnieuw", "Try the wrong rows again")
_NO_FILE: Final = Text("Kies een bestand.", "Choose a file.")


@blueprint.get("/uitnodigingen/reeksen")
def batches() -> Response:
    """What such a file looks like, a form to upload one, and those that came before."""
    return _list(UploadForm())


@blueprint.post("/uitnodigingen/reeksen")
def upload_batch() -> Response:
    """Take a file; nobody is invited yet."""
    form, given = UploadForm(), request.files.get("file")
    if given is None or not given.filename:
        form.refuse("file", _NO_FILE)
        return _list(form, UNPROCESSABLE)
    try:
        batch = batch_upload.upload(simulator(), visit.actor(), given.stream, given.filename)
    except FileRefused as error:
        form.refuse("file", explain_file(error))
        return _list(form, UNPROCESSABLE)
    return redirect(url_for("management.batch", batch_id=batch.id), _SEE_OTHER)


@blueprint.get("/uitnodigingen/reeksen/<batch_id>")
def batch(batch_id: str) -> Response:
    """How far a file is, and what became of its rows.

    While somebody works on it the browser asks again by itself, without a script, unless the person stopped that.
    """
    found = batch_control.look(simulator(), visit.actor(), batch_id)
    follow = found.is_working and "stil" not in request.args
    here = url_for("management.batch", batch_id=batch_id)
    response = pages.render(
        BatchDetails(
            **frame.values(WITHIN, (_above(),)),
            name=found.file_name,
            state=_STATES[found.state],
            working=found.is_working,
            rows=found.rows,
            rows_done=found.rows_done if found.is_working else found.rows,
            counts=tuple(
                (OUTCOMES[outcome], found.counts[outcome]) for outcome in RowOutcome if outcome in found.counts
            ),
            results=() if found.is_working else _results(batch_id),
            run_url=url_for("management.run_batch", batch_id=batch_id) if may_run(found) else None,
            run_name=_INVITE_ALL if found.state is BatchState.CHECKED else _TRY_AGAIN,
            errors_url=url_for("management.batch_errors", batch_id=batch_id) if found.count(RowOutcome.ERROR) else None,
            all_url=url_for("management.batch_results", batch_id=batch_id),
            refresh_url=here if follow else None,
            quiet_url=url_for("management.batch", batch_id=batch_id, stil="ja") if follow else None,
        )
    )
    if follow:
        response.headers["Refresh"] = f"{_REFRESH_S}; url={here}"
    return response


@blueprint.post("/uitnodigingen/reeksen/<batch_id>/versturen")
def run_batch(batch_id: str) -> Response:
    """Invite everybody in the file, or try again what went wrong."""
    batch_control.run(simulator(), visit.actor(), batch_id)
    return redirect(url_for("management.batch", batch_id=batch_id), _SEE_OTHER)


@blueprint.get("/uitnodigingen/reeksen/<batch_id>/fouten.csv")
def batch_errors(batch_id: str) -> Response:
    """Rows that went wrong, to mend and to upload."""
    return _csv(batch_id, everything=False)


@blueprint.get("/uitnodigingen/reeksen/<batch_id>/resultaten.csv")
def batch_results(batch_id: str) -> Response:
    """All rows with what became of each."""
    return _csv(batch_id, everything=True)


def _csv(batch_id: str, *, everything: bool) -> Response:
    """The lines as they are read, as a file that browsers save and do not show (WEB-15)."""
    lines = batch_control.download(simulator(), visit.actor(), batch_id, current_language(), everything=everything)
    response = Response(stream_with_context(_octets(lines)), content_type="text/csv; charset=utf-8")
    name = "resultaten" if everything else "fouten"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _octets(lines: Iterator[str]) -> Iterator[bytes]:
    return (line.encode() for line in lines)


def _above() -> NavigationItem:
    return NavigationItem(
        name=Text("Veel klanten tegelijk", "Many clients at once"), address=url_for("management.batches")
    )


def _results(batch_id: str) -> tuple[ResultRow, ...]:
    return tuple(map(_result, batch_control.not_fine(simulator(), visit.actor(), batch_id)))


def _result(one: ShownRow) -> ResultRow:
    return ResultRow(
        line=one.row.line,
        kvk_number=one.row.cells[0][:20] if one.row.cells else "",
        outcome=OUTCOMES[one.result.outcome],
        reasons=tuple(map(explain_row, one.result.codes)),
    )


def _list(form: UploadForm, status: int = 200) -> Response:
    codes = _codes()
    return pages.render(
        Batches(
            **frame.values(WITHIN),
            form=form,
            upload_url=url_for("management.upload_batch"),
            header=";".join(COLUMNS),
            example=_EXAMPLE.format(services=codes[1].values[0]),
            codes=codes,
            batches=tuple(map(_row, batch_control.listed(simulator(), visit.actor()))),
        ),
        status,
    )


def _codes() -> tuple[Fact, ...]:
    """What can stand under `diensten`: everything, and each provider."""
    everything = fact(Text("Alle diensten, nu en later", "All services, now and later"), ALL_SERVICES)
    named = scope_parts.providers(scope_parts.open_to_chains(simulator().catalogue))
    return (everything, *(fact(name, oin) for oin, name in named.items()))


def _row(one: Batch) -> BatchRow:
    return BatchRow(
        name=one.file_name,
        at=one.uploaded_at.astimezone(AMSTERDAM),
        rows=one.rows,
        state=_STATES[one.state],
        address=url_for("management.batch", batch_id=one.id),
    )
