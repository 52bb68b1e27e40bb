"""What the rules of the API say of any resource: refusals, links, pages, envelopes."""

import math
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import quote, unquote, urlsplit

BASE = "/v/harbour/api/atlas/v1.0"
RELS = "https://harbour.example/rels/"
LARGEST_PAGE = 100


class Refusal(Exception):
    """A request that is answered with an error document."""

    def __init__(self, status, detail, code, *parameters, headers=None):
        super().__init__(detail)
        self.status, self.detail, self.code = status, detail, code
        self.parameters, self.headers = parameters, headers or {}

    def document(self):
        return {
            "error": self.status,
            "reason": HTTPStatus(self.status).phrase,
            "detail": self.detail,
            "errorCode": self.code,
            "parameters": list(self.parameters),
            "help": {"about": RELS + self.code.lower()},
        }


def bad(detail, code, *parameters):
    return Refusal(400, detail, code, *parameters)


def missing(what):
    return Refusal(404, f"There is no {what} here.", "NOTHING_HERE", what)


@dataclass
class Request:
    """A request that was read: the path below the base, parameters decoded, user and source address known."""

    method: str
    path: str
    query: dict
    content_type: str
    body: bytes
    user: str = ""
    address: str = ""

    @staticmethod
    def read(method, target, content_type, body):
        parts = urlsplit(target)
        query = {}
        for pair in filter(None, parts.query.split("&")):
            name, _, value = pair.partition("=")
            query.setdefault(unquote(name), unquote(value))
        path = parts.path.removeprefix(BASE) if parts.path.startswith(BASE) else "/nowhere" + parts.path
        return Request(method, "/" + unquote(path).strip("/"), query, content_type, body)

    def asks(self, flag):
        return self.query.get(flag) == "true"


@dataclass
class Answer:
    """An answer before it is written. A value of None is an answer without a body."""

    status: int
    value: dict | None
    media_type: str = "application/json;charset=utf-8"
    headers: dict = field(default_factory=dict)
    is_list: bool = False

    def in_envelope(self):
        if self.is_list:
            return {**self.value, "status": self.status}
        return {"content": self.value or {}, "status": self.status}


def link(rel, href, **more):
    return {"rel": rel, "href": href, **more}


def only_known(request, *names):
    """Refuses parameters that mean nothing here, and flags that are neither on nor off."""
    for name, value in request.query.items():
        if name not in ("envelope", "pretty", *names):
            raise bad(f"The parameter {name} means nothing here.", "UNKNOWN_PARAMETER", name)
        if name in ("envelope", "pretty") and value not in ("true", "false"):
            raise bad(f"The parameter {name} is true or false.", "BAD_FLAG", name)


def whole(request, name, default):
    """A paging parameter: a whole number above zero."""
    text = request.query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
        raise bad(f"The parameter {name} takes a number above zero.", "BAD_PAGING", name)
    return int(text)


def page(request, items, *filters, bare=False):
    """One page of a list. With `bare`, its links to other pages are nothing but a query."""
    only_known(request, "pageNum", "itemsPerPage", *filters)
    number, size = whole(request, "pageNum", 1), whole(request, "itemsPerPage", LARGEST_PAGE)
    if size > LARGEST_PAGE:
        raise bad(f"The parameter itemsPerPage is {LARGEST_PAGE} at most.", "BAD_PAGING", "itemsPerPage")
    last = max(1, math.ceil(len(items) / size))
    if number > last:
        raise missing(f"page {number}")

    def href(to, short):
        others = [(name, value) for name, value in request.query.items() if name not in ("pageNum", "itemsPerPage")]
        pairs = [("itemsPerPage", size), *reversed(others), ("pageNum", to)]
        query = "?" + "&".join(f"{quote(name, safe='')}={quote(str(value), safe='')}" for name, value in pairs)
        return query if short else BASE + request.path + query

    links = [link("self", href(number, False))]
    if number < last:
        links.insert(0, link("next", href(number + 1, bare)))
    if number > 1:
        links.append(link("previous", href(number - 1, bare)))
    shown = [only_self(item) for item in items[(number - 1) * size : number * size]]
    return Answer(200, {"totalCount": float(len(items)) if bare else len(items), "results": shown, "links": links}, is_list=True)


def only_self(entity):
    return {**entity, "links": [own for own in entity["links"] if own["rel"] == "self"]}
