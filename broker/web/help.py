"""What the codes mean that the pages and the log show: of refusals, of errors, and the rules for messages."""

from flask import Blueprint, Response

from broker.core.explanations import EXPLANATIONS
from broker.rules import RULES
from broker.web import errors, pages

blueprint = Blueprint("help", __name__)


@blueprint.get("/help")
def codes() -> Response:
    """Every code, with what is the matter and what can be done."""
    return pages.render(
        pages.Help(
            refusals=tuple(
                pages.Code(code=reason.value, meaning=words.reason, advice=words.next_step)
                for reason, words in EXPLANATIONS.items()
            ),
            errors=tuple(pages.Code(code=code, meaning=what, advice=do) for code, what, do in errors.explained()),
            rules=tuple(pages.Code(code=rule.id, meaning=rule.text) for rule in RULES),
        )
    )
