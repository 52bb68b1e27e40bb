"""How values look on the wire: JSON in random order, dates in several notations, and both read back."""

import json
import random
import re
from datetime import datetime, timedelta, timezone

# Notations of ISO 8601 for the same instant, all designated UTC.
EXTENDED, BASIC, FRACTION = "%Y-%m-%dT%H:%M:%S+00:00", "%Y%m%dT%H%M%SZ", "%Y-%m-%dT%H:%M:%S,{:03d}+00"
TO_THE_MINUTE, ORDINAL, WEEK = "%Y-%m-%dT%H:%MZ", "%Y-%jT%H:%M:%SZ", "%G-W%V-%uT%H:%M:%S+00:00"

DATE = re.compile(
    r"(\d{4}-\d\d-\d\d|\d{8})(T\d\d(:?\d\d(:?\d\d([.,]\d+)?)?)?(Z|[+-]\d\d(:?\d\d)?)?)?$", re.ASCII
)


class NoJson(Exception):
    """A request body that is not the JSON object that was asked for."""


def written_date(instant, notation):
    return instant.strftime(notation).format(instant.microsecond // 1000)


def read_date(text):
    """The instant that an ISO 8601 text names; without a zone it is UTC. None if it names none."""
    if not isinstance(text, str) or not DATE.match(text):
        return None
    try:
        instant = datetime.fromisoformat(text.replace(",", "."))
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=timezone.utc)
        return instant.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None


def now():
    return datetime.now(timezone.utc)


def ago(**span):
    return now() - timedelta(**span)


def shuffled(value):
    if isinstance(value, dict):
        members = [(name, shuffled(member)) for name, member in value.items()]
        random.shuffle(members)
        return dict(members)
    return [shuffled(element) for element in value] if isinstance(value, list) else value


def written(value, pretty, ascii_only):
    """The bytes of a value, with a final newline; where only ASCII is wanted, `/` and names are escaped as well."""
    layout = {"indent": "\t", "separators": (",", " : ")} if pretty else {"separators": (",", ":")}
    text = json.dumps(shuffled(value), ensure_ascii=ascii_only, allow_nan=False, **layout)
    if ascii_only:
        text = text.replace("/", "\\/")
        for name in ("self", "links", "detail", "totalCount", "status"):
            text = text.replace(f'"{name}"', f'"\\u{ord(name[0]):04x}{name[1:]}"')
    return text.encode() + b"\n"


def _no_twice(members):
    names = [name for name, _ in members]
    if len(set(names)) < len(names):
        raise NoJson("The body names a member twice.")
    return dict(members)


def _no_constant(name):
    raise NoJson(f"{name} is not JSON.")


def read_object(body):
    """The JSON object in the bytes of a body."""
    try:
        value = json.loads(body.decode(), object_pairs_hook=_no_twice, parse_constant=_no_constant)
    except (ValueError, RecursionError) as problem:
        raise NoJson("The body is not JSON.") from problem
    if not isinstance(value, dict):
        raise NoJson("The body is not a JSON object.")
    return value
