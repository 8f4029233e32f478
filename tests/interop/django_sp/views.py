"""What this project knows about its visitor, for a test to read."""

from django.contrib import messages
from django.http import HttpRequest, JsonResponse


def whoami(request: HttpRequest) -> JsonResponse:
    """The user's RSIN (null: not logged in), the session's content and the messages that waited to be shown."""
    rsin = request.user.rsin if request.user.is_authenticated else None
    shown = [str(message) for message in messages.get_messages(request)]
    return JsonResponse({"rsin": rsin, "session": dict(request.session), "messages": shown})
