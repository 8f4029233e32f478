"""What people call things about logins that were recorded."""

from typing import Final

from broker.core.recorded import Direction, Outcome
from broker.core.text import Text

OUTCOMES: Final = {
    Outcome.GRANTED: Text("Ingelogd", "Logged in"),
    Outcome.REFUSED: Text("Geweigerd", "Refused"),
    Outcome.CANCELLED: Text("Gestopt", "Stopped"),
    Outcome.FAILED: Text("Mislukt", "Failed"),
    Outcome.UNSUPPORTED: Text("Kon niet worden uitgevoerd", "Could not be carried out"),
    Outcome.UNTRUSTED: Text("Niet vertrouwd", "Not trusted"),
    Outcome.UNDER_WAY: Text("Nog bezig, of verlaten", "Under way, or abandoned"),
}
DIRECTIONS: Final = {
    Direction.RECEIVED: Text("ontvangen", "received"),
    Direction.SENT: Text("verzonden", "sent"),
}
