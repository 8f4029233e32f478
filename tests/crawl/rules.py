"""What every answer must be like. Each rule looks at one answer and tells what is wrong with it."""

import re
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urljoin, urlsplit

from tests.crawl.answers import Answer

Rule = Callable[[Answer], Iterator[str]]

# One that is not here is for WEB-15 to judge: a spreadsheet runs what stands in its cells.
KINDS: Final = {
    "",  # no body
    "application/yaml",  # the register, to keep: see DOWNLOADS
    "application/octet-stream",  # a message of a login, to keep
    "application/samlmetadata+xml",
    "application/soap+xml",
    "application/pdf",  # a report of one login, to keep
    "application/zip",  # a bundle of evidence, to keep
    "font/woff2",
    "image/svg+xml",
    "text/css",
    "text/csv",  # lists for a spreadsheet, safe against formulas: see DOWNLOADS
    "text/html",
    "text/javascript",
    "text/plain",
    "text/xml",
}
# A browser keeps these, and opens none.
DOWNLOADS: Final = {"application/octet-stream", "application/pdf", "application/yaml", "application/zip", "text/csv"}
UNPROCESSABLE: Final = 422
UNSEEN: Final = {"hidden", "submit", "image", "reset", "button"}
DATA_IMAGES: Final = {"img-src"}
NEVER_ALLOWED: Final = {"'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "*", "http:", "https:", "blob:"}
# The endpoints for messages: no page of theirs has a token; they believe signatures and nothing else.
FOR_MESSAGES: Final = {
    "broker saml.sso",
    "broker saml.consume",
    "broker logout.post",
    "broker management.consume",
    "stub sso",
    "stub log_out",
    "demo pages.consume_post",
}
# The hidden field without which a form of this party does nothing.
TOKENS: Final = {"broker": "csrf_token", "stub": "question"}
# Forms that need none. The cookie of the demo service provider does not come along from other sites (SameSite=Lax).
WITHOUT_TOKEN: Final = {
    "demo pages.login": "begins a login, as a link to the same address does",
    "demo pages.logout": "without its cookie there is nothing to end",
}
TELLING: Final = re.compile(
    r"Traceback|werkzeug|flask|sqlite|sqlalchemy|psycopg|site-packages|\.py\b|line \d+, in ", re.I
)


def protects(answer: Answer) -> Iterator[str]:
    """WEB-07, WEB-10, B-24: what is said to the browser about trust and memory."""
    policy = answer.policy
    if policy.get("frame-ancestors") != ["'none'"]:
        yield f"may be framed: frame-ancestors {policy.get('frame-ancestors')}"
    if answer.value("X-Content-Type-Options") != "nosniff":
        yield "X-Content-Type-Options is not nosniff"
    if answer.value("Referrer-Policy") not in {"same-origin", "no-referrer"}:
        yield f"Referrer-Policy is {answer.value('Referrer-Policy')!r}"
    if answer.values("Access-Control-Allow-Origin"):
        yield "may be read by other sites"
    kept = {item.strip() for item in answer.value("Cache-Control").split(",")}
    if not answer.is_file and not ({"no-cache", "no-store"} <= kept and answer.value("Pragma") == "no-cache"):
        yield f"may be kept: Cache-Control {sorted(kept)}, Pragma {answer.value('Pragma')!r}"


def has_a_strict_policy(answer: Answer) -> Iterator[str]:
    """WEB-02, B-24: no script but a file of our own, nothing from elsewhere, no other base."""
    policy = answer.policy
    for needed in ("default-src", "form-action", "base-uri"):
        if needed not in policy:
            yield f"policy without {needed}"
    for directive, sources in policy.items():
        for source in NEVER_ALLOWED & set(sources):
            yield f"policy allows {source} for {directive}"
        if "data:" in sources and directive not in DATA_IMAGES:
            yield f"policy allows data: for {directive}"
        if directive != "form-action" and any("//" in source for source in sources):
            yield f"policy allows another site for {directive}: {sources}"
    objects = policy.get("object-src", policy.get("default-src"))
    if objects != ["'none'"] or policy.get("base-uri") != ["'none'"]:
        yield f"policy has object-src {objects}, base-uri {policy.get('base-uri')}"


def promises_https(answer: Answer) -> Iterator[str]:
    """B-24: over https that it stays so, but for `localhost`, which belongs to other programs too."""
    base = urlsplit(answer.party.base)
    wanted = base.scheme == "https" and base.hostname != "localhost"
    if bool(answer.value("Strict-Transport-Security")) != wanted:
        yield f"Strict-Transport-Security {answer.value('Strict-Transport-Security')!r} at {answer.party.base}"


def keeps_cookies(answer: Answer) -> Iterator[str]:
    """WEB-04, B-24: cookies are for this site, not for scripts, and over https for https only."""
    for cookie in answer.cookies:
        if not cookie["httponly"]:
            yield f"cookie {cookie.key} can be read by scripts"
        if cookie["samesite"] not in {"Lax", "Strict"}:
            yield f"cookie {cookie.key} goes along to other sites: SameSite={cookie['samesite']!r}"
        if bool(cookie["secure"]) != answer.party.base.startswith("https:"):
            yield f"cookie {cookie.key}: Secure={cookie['secure']!r} at {answer.party.base}"
        if cookie["domain"] or not cookie["path"].startswith("/"):
            yield f"cookie {cookie.key} for domain {cookie['domain']!r} and path {cookie['path']!r}"


def is_of_a_known_kind(answer: Answer) -> Iterator[str]:
    """WEB-15: nothing that a program other than a browser would run."""
    if answer.kind not in KINDS:
        yield f"media type {answer.kind!r} is new here: may it hold what somebody else wrote?"
    if answer.kind in DOWNLOADS and not answer.value("Content-Disposition").startswith("attachment"):
        yield f"{answer.kind} that a browser would open"
    if answer.kind.startswith("text/") and answer.body and "charset=utf-8" not in answer.value("Content-Type").lower():
        yield f"no charset in {answer.value('Content-Type')!r}"


def tells_nothing(answer: Answer) -> Iterator[str]:
    """WEB-17: an error says nothing of how the program is made."""
    if answer.status >= 400 and (found := TELLING.search(answer.body.decode())):
        yield f"tells {found.group()!r}"


def stays_here(answer: Answer) -> Iterator[str]:
    """A page that asks for itself again asks for nothing else."""
    target = answer.value("Refresh").partition("url=")[2]
    if target and urlsplit(urljoin(answer.url, target))[:3] != urlsplit(answer.url)[:3]:
        yield f"leads by itself to {target!r}"


def is_a_page(answer: Answer) -> Iterator[str]:
    """One heading, a title, and the language that was asked for."""
    page = answer.document
    if not answer.body.lstrip().lower().startswith(b"<!doctype html>"):
        yield "no doctype"
    if page.get("lang") != answer.language:
        yield f"lang is {page.get('lang')!r}, not {answer.language!r}"
    if answer.value("Content-Language") != answer.language:
        yield f"Content-Language is {answer.value('Content-Language')!r}, not {answer.language!r}"
    headings = [heading.text_content().strip() for heading in page.iter("h1")]
    if len(headings) != 1 or not headings[0]:
        yield f"headings: {headings}"
    if not (page.findtext(".//title") or "").strip(" –"):
        yield "no title"


def names_each_part_once(answer: Answer) -> Iterator[str]:
    """An id names one element, and a link within the page leads to one."""
    ids = answer.document.xpath("//@id")
    if len(ids) != len(set(ids)):
        yield f"an id twice: {sorted(ids)}"
    for address in answer.document.xpath("//a/@href"):
        if address.startswith("#") and address[1:] not in ids:
            yield f"a link to {address}, which is not on the page"


def names_each_field(answer: Answer) -> Iterator[str]:
    """Whoever hears the page knows what to fill in: each field has a label, and what it refers to is on the page."""
    page = answer.document
    ids, labelled = set(page.xpath("//@id")), set(page.xpath("//label/@for"))
    for field in page.xpath("//form//input | //form//select | //form//textarea"):
        named = field.get("id") in labelled or field.get("aria-label") or field.get("aria-labelledby")
        if field.get("type") not in UNSEEN and not named and not field.xpath("ancestor::label"):
            yield f"a field {field.get('name')!r} without a label"
    for attribute in page.xpath("//@for | //@aria-describedby | //@aria-labelledby | //@aria-controls"):
        for missing in set(attribute.split()) - ids:
            yield f"{attribute.attrname} refers to {missing!r}, which is not on the page"


def says_what_is_wrong(answer: Answer) -> Iterator[str]:
    """A form that is shown again says on top what is wrong, and leads to the place."""
    if answer.status == UNPROCESSABLE and not answer.document.xpath("//*[@role='alert']//a[starts-with(@href, '#')]"):
        yield "a form that is shown again without a summary of what is wrong"


def runs_nothing_inline(answer: Answer) -> Iterator[str]:
    """WEB-02: what the policy would block is not there either, and nothing comes from elsewhere."""
    page = answer.document
    for found in page.xpath("//script[not(@src)] | //style | //base | //object | //embed | //iframe"):
        yield f"<{found.tag}>"
    for found in page.xpath("//@style | //@*[starts-with(name(), 'on')] | //@srcdoc"):
        yield f"attribute {found.attrname} of <{found.getparent().tag}>"
    for found in page.xpath("//meta[@http-equiv]"):
        yield f"<meta http-equiv={found.get('http-equiv')!r}>"
    for address in page.xpath("//@href | //@src | //@action | //@formaction"):
        if urlsplit(address.strip()).scheme not in {"", "http", "https"}:
            yield f"address {address[:60]!r}"
    for address in answer.loaded():
        if urlsplit(address)[:2] != urlsplit(answer.url)[:2]:
            yield f"loads {address} from elsewhere"


def posts_where_it_may(answer: Answer) -> Iterator[str]:
    """WEB-04: a form to ourselves has the token; one to another party goes where the policy lets it."""
    allowed = answer.policy.get("form-action", [])
    for method, address, form in answer.forms:
        parts = urlsplit(address)
        if parts[:2] != urlsplit(answer.url)[:2]:
            if f"{parts.scheme}://{parts.netloc}" not in allowed:
                yield f"the policy does not let the form go to {address}"
            continue
        endpoint = answer.party.endpoint(address, method)
        name = f"{answer.party.name} {endpoint}"
        if endpoint is None:
            yield f"a form to {method} {parts.path}, which does not exist"
        elif method == "POST" and name not in FOR_MESSAGES | WITHOUT_TOKEN.keys():
            token = TOKENS.get(answer.party.name, "")
            if not dict(form.form_values()).get(token):
                yield f"a form to {name} without {token or 'a token'}"


EVERY_ANSWER: Final[tuple[Rule, ...]] = (
    protects,
    has_a_strict_policy,
    promises_https,
    keeps_cookies,
    is_of_a_known_kind,
    tells_nothing,
    stays_here,
)
EVERY_PAGE: Final[tuple[Rule, ...]] = (
    is_a_page,
    names_each_part_once,
    names_each_field,
    says_what_is_wrong,
    runs_nothing_inline,
    posts_where_it_may,
)


def faults(answer: Answer) -> Iterator[str]:
    """All that is wrong with an answer."""
    for rule in (*EVERY_ANSWER, *(EVERY_PAGE if answer.is_page else ())):
        yield from (f"{answer}: {fault}" for fault in rule(answer))
