"""Endpoints and templates of the broker that the crawl has no way to yet, each as the crawl names it.

Invitations as the client sees them, files of clients, onboarding, the form to revoke, and what the operator does. Their
own tests go there (`tests/flow`, `tests/simulator/administration`, `tests/web`), and the sweep asks each of them what
should not work. This list may only become shorter: who adds a page adds the way to it in `journeys.py`.
"""

from typing import Final

NOT_YET: Final = frozenset(
    {
        "broker GET answering.invitation",
        "broker GET answering.signature",
        "broker GET management.batch",
        "broker GET management.batch_errors",
        "broker GET management.batch_results",
        "broker GET management.invite_confirm",
        "broker GET management.invite_terms",
        "broker GET management.received_invitation",
        "broker GET management.relations_file",
        "broker GET onboarding.application",
        "broker GET onboarding.explained",
        "broker GET onboarding.prices",
        "broker GET operator.requests.show",
        "broker GET revocation.received",
        "broker POST answering.accept",
        "broker POST answering.decline",
        "broker POST answering.refuse",
        "broker POST answering.sign",
        "broker POST management.accept_invitation",
        "broker POST management.decline_invitation",
        "broker POST management.invite_now",
        "broker POST management.run_batch",
        "broker POST management.send_again",
        "broker POST onboarding.apply",
        "broker POST onboarding.ask_quote",
        "broker POST operator.mailbox.bounce",
        "broker POST operator.register.override",
        "broker POST operator.register.reset",
        "broker POST operator.register.take_back",
        "broker POST operator.requests.execute",
        "broker POST operator.requests.refuse",
        "broker POST operator.reviews.activate",
        "broker POST operator.reviews.reject",
        "broker POST revocation.submit",
        "broker answering/answer.html",
        "broker answering/answered.html",
        "broker answering/cannot_answer.html",
        "broker answering/sign.html",
        "broker management/batch.html",
        "broker management/received_invitation.html",
        "broker onboarding/apply.html",
        "broker onboarding/explained.html",
        "broker onboarding/prices.html",
        "broker onboarding/taken.html",
        "broker operator/request.html",
        "broker revocation/received.html",
    }
)
