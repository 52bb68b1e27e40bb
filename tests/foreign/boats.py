"""The documents that users of a group write: boats, their members and rules."""

import itertools

import wire
from answers import BASE, RELS, Answer, bad, link, missing, page, Refusal

TYPE = "application/vnd.harbour.boat.v1+json"


def _text(value):
    return value if isinstance(value, str) and value.strip() else None


def _length(value):
    good = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1000
    return float(value) if good else None


def _place(value):
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _cargo(value):
    return value if isinstance(value, list) and all(_text(element) for element in value) else None


BERTH = {"pier": _text, "place": _place}
MEMBERS = {
    "callSign": _text,
    "lengthMeters": _length,
    "berth": BERTH,
    "launched": wire.read_date,
    "cargo": _cargo,
    "livery": _text,
}
DEMANDED = set(MEMBERS) - {"livery"}
SERVER_SET = {"hull", "entered", "revision", "touched", "links"}


def read(rules, value, within=""):
    """The members of a request body as they are kept; refuses what is unknown, fixed or of the wrong kind."""
    kept = {}
    for name, member in value.items():
        where = within + name
        if not within and name in SERVER_SET:
            raise bad(f"The field {where} is the harbour's to set.", "FIXED_FIELD", where)
        if name not in rules:
            raise bad(f"No such field: {where}.", "UNKNOWN_FIELD", where)
        kept[name] = _read_member(rules[name], member, where)
    return kept


def _read_member(rule, member, where):
    if isinstance(rule, dict):
        kept = read(rule, member, where + ".") if isinstance(member, dict) else None
        demand(kept, rule, where + ".") if kept is not None else None
    else:
        kept = rule(member)
    if kept is None:
        raise bad(f"The field {where} cannot have that value.", "BAD_VALUE", where)
    return kept


def demand(value, names, within=""):
    for name in sorted(set(names) - set(value)):
        raise bad(f"The field {within}{name} is needed.", "MISSING_FIELD", within + name)


class Fleet:
    """The boats of one group, under numbers."""

    def __init__(self, group):
        self.group, self.boats, self.numbers = group, {}, itertools.count(7)

    def shown(self, boat):
        href = f"{BASE}/groups/{self.group}/boats/{boat['hull']}"
        group = link(RELS + "group", f"{BASE}/groups/{self.group}")
        dates = {
            "launched": wire.written_date(boat["launched"], wire.EXTENDED),
            "entered": wire.written_date(boat["entered"], wire.FRACTION),
            "touched": wire.written_date(boat["touched"], wire.BASIC),
        }
        return {**boat, **dates, "links": [group, link("self", href)]}

    def _unique(self, sign, besides=None):
        for boat in self.boats.values():
            if boat is not besides and boat["callSign"] == sign:
                raise Refusal(409, f"A boat with the callSign {sign} is here already.", "CALL_SIGN_TAKEN", "callSign")

    def _boat(self, number):
        boat = self.boats.get(number)
        if boat is None:
            raise missing(f"boat {number}")
        return boat

    def boats_listed(self, request):
        return page(request, [self.shown(boat) for boat in self.boats.values()])

    def create(self, request, value):
        """Answers with nothing but a Location, which is all that a client needs."""
        kept = read(MEMBERS, value)
        demand(kept, {"callSign", "lengthMeters", "berth"})
        self._unique(kept["callSign"])
        moment = wire.now()
        defaults = {"cargo": [], "launched": moment.replace(microsecond=0)}
        hull = next(self.numbers)
        boat = {**defaults, **kept, "hull": hull, "entered": moment, "touched": moment, "revision": 1}
        self.boats[str(hull)] = boat
        location = f"{BASE}/groups/{self.group}/boats/{hull}"
        return Answer(201, self.shown(boat) if request.asks("envelope") else None, TYPE, {"LOCATION": location})

    def show(self, _request, number):
        return Answer(200, self.shown(self._boat(number)), TYPE)

    def replace(self, _request, number, value):
        """A PUT gives every member that the boat has."""
        boat = self._boat(number)
        kept = read(MEMBERS, value)
        demand(kept, DEMANDED | (set(boat) & set(MEMBERS)))
        return self._changed(boat, kept)

    def change(self, request, number, value):
        """Answers with nothing at all, unless an envelope is asked for."""
        answer = self._changed(self._boat(number), read(MEMBERS, value))
        return answer if request.asks("envelope") else Answer(204, None)

    def _changed(self, boat, kept):
        self._unique(kept.get("callSign"), besides=boat)
        boat.update(kept, touched=wire.now(), revision=boat["revision"] + 1)
        return Answer(200, self.shown(boat), TYPE)

    def remove(self, _request, number):
        """Answers with the boat as it was."""
        boat = self._boat(number)
        del self.boats[number]
        return Answer(200, self.shown(boat), TYPE)
