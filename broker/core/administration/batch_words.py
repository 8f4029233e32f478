"""What is wrong with a file of clients or with one of its rows, in words: what was expected."""

from typing import Final

from broker.core.administration.advice import advise
from broker.core.administration.batch_file import ALL_SERVICES, LONGEST_TEXT, FileFault, FileRefused, RowFault
from broker.core.administration.batches import RowOutcome
from broker.core.administration.obstacles import Obstacle
from broker.core.text import Text

OUTCOMES: Final = {
    RowOutcome.READY: Text("Wordt uitgenodigd", "Will be invited"),
    RowOutcome.CREATED: Text("Uitgenodigd", "Invited"),
    RowOutcome.SKIPPED_DUPLICATE: Text(
        "Overgeslagen: staat al eerder in het bestand", "Skipped: is in the file before"
    ),
    RowOutcome.SKIPPED_ACTIVE: Text(
        "Overgeslagen: heeft al een machtiging of uitnodiging", "Skipped: has a mandate or an invitation already"
    ),
    RowOutcome.ERROR: Text("Fout", "Wrong"),
}
"""What became of a row."""

_ROWS: Final = {
    RowFault.CELLS: Text(
        "De regel heeft niet evenveel kolommen als de eerste regel.",
        "The row has not as many columns as the first line.",
    ),
    RowFault.KVK_FORMAT: Text("kvk: 8 cijfers verwacht.", "kvk: 8 digits expected."),
    RowFault.EMAIL_FORMAT: Text(
        "email: een e-mailadres verwacht, zoals naam@voorbeeld.nl.",
        "email: an e-mail address expected, such as naam@voorbeeld.nl.",
    ),
    RowFault.CONTACT_FORMAT: Text(
        f"naam_contact: één regel van ten hoogste {LONGEST_TEXT} tekens verwacht.",
        f"naam_contact: one line of at most {LONGEST_TEXT} characters expected.",
    ),
    RowFault.SERVICES_UNKNOWN: Text(
        f"diensten: {ALL_SERVICES} verwacht, of bestaande OIN's, ServiceID's of ServiceUUID's.",
        f"diensten: {ALL_SERVICES} expected, or existing OINs, ServiceIDs or ServiceUUIDs.",
    ),
    RowFault.LEVEL_UNKNOWN: Text("niveau: EH3 of EH4 verwacht.", "niveau: EH3 or EH4 expected."),
    RowFault.DATE_FORMAT: Text(
        "einddatum: een datum verwacht, zoals 31-12-2027.", "einddatum: a date expected, such as 31-12-2027."
    ),
    RowFault.LANGUAGE_UNKNOWN: Text("taal: nl of en verwacht.", "taal: nl or en expected."),
    RowFault.REFERENCE_FORMAT: Text(
        f"referentie: één regel van ten hoogste {LONGEST_TEXT} tekens verwacht.",
        f"referentie: one line of at most {LONGEST_TEXT} characters expected.",
    ),
}

_FILES: Final = {
    FileFault.EMPTY: Text("Het bestand heeft geen regels.", "The file has no rows."),
    FileFault.NOT_UTF8: Text(
        "Regel {line} is geen UTF-8. Sla het bestand op als ‘CSV UTF-8’.",
        "Line {line} is not UTF-8. Save the file as ‘CSV UTF-8’.",
    ),
    FileFault.NOT_CSV: Text(
        "Regel {line} is niet te lezen: staan de aanhalingstekens goed?",
        "Line {line} cannot be read: are its quotation marks right?",
    ),
    FileFault.COLUMN_MISSING: Text(
        "In de eerste regel ontbreekt de kolom {what}.", "The first line lacks the column {what}."
    ),
    FileFault.COLUMN_UNKNOWN: Text(
        "De kolom ‘{what}’ in de eerste regel is onbekend.", "The column ‘{what}’ in the first line is unknown."
    ),
    FileFault.COLUMN_TWICE: Text(
        "De kolom {what} staat twee keer in de eerste regel.", "The column {what} is in the first line twice."
    ),
    FileFault.TOO_MANY_ROWS: Text(
        "Een bestand heeft ten hoogste {what} regels. Verdeel het over meer bestanden.",
        "A file has at most {what} rows. Divide it over several files.",
    ),
}


def explain_row(code: str) -> Text:
    """What the code of a row means, and what was expected."""
    if code in RowFault.__members__:
        return _ROWS[RowFault(code)]
    words = advise(Obstacle(code))
    return Text(f"{words.reason.nl} {words.next_step.nl}", f"{words.reason.en} {words.next_step.en}")


def explain_file(refused: FileRefused) -> Text:
    """Why the file was not taken."""
    words = _FILES[refused.fault]
    return Text(*(said.format(line=refused.line, what=refused.what) for said in (words.nl, words.en)))
