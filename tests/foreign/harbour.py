"""The resources of the harbour, who may use them, and where they are."""

import itertools
import re
import threading
import time
from datetime import datetime, timedelta, timezone

import wire
from answers import BASE, RELS, Answer, Refusal, bad, link, missing, only_known, page
from boats import Fleet

NORTH, SOUTH, FAR = "north-quay~7", "south-quay~12", "far-roads~3"
MEMBERS = {
    NORTH: {"skipper": "read-write", "mate": "read-write", "w\u00e4chter": "read-only", "pilot": "read-write"},
    SOUTH: {"mate": "read-write", "skipper": "read-write"},
    FAR: {"stowaway": "read-write"},
}
# Addresses from which each user may enter the strongroom.
WHITELISTS = {"skipper": {"127.0.0.1", "127.0.0.31"}, "pilot": {"127.0.0.33"}}
RATE = 100
MIDDLE = datetime(2016, 5, 6, 7, 8, 9, tzinfo=timezone.utc)
WRITES = {"POST", "PUT", "PATCH", "DELETE"}


class Counter:
    """Requests of each group within the clock's current minute."""

    def __init__(self):
        self.minute, self.counts = None, {}

    def take(self, group):
        minute = int(time.time()) // 60
        if minute != self.minute:
            self.minute, self.counts = minute, {}
        self.counts[group] = self.counts.get(group, 0) + 1
        if self.counts[group] > RATE:
            detail = f"The tides of a group are limited to {RATE} requests in every minute."
            raise Refusal(429, detail, "RATE_LIMITED", "tides", RATE, 1)


def _entity(path, value, *more):
    return {**value, "links": [*more, link("self", BASE + path, title="this one")]}


def _relative(item, own):
    """The item with its own URL written relative to that of the answer it stands in."""
    return {**item, "links": [link("self", own) if at["rel"] == "self" else at for at in item["links"]]}


class Group:
    """One group: its boats and jobs, and lists that stand still."""

    def __init__(self, name, origin):
        self.name, self.path, self.fleet = name, f"/groups/{name}", Fleet(name)
        self.jobs, self.job_numbers, self.bars = {}, itertools.count(1000, 17), 12
        self.gauges = self._list(523, "gauges", lambda n: {"levelCentimeters": n * 1.5, "seen": MIDDLE.strftime(wire.ORDINAL), "kind": ("rain", "tide")[n % 2]})
        self.pilots = self._list(40, "pilots", lambda n: {"name": f"Jörg {n}", "since": MIDDLE.strftime(wire.WEEK), "licence": ("sea", "river")[n % 3 > 0]})
        self.piers = self._list(6, "piers", lambda n: {"name": f"Pier \u2116{n}", "built": MIDDLE.strftime(wire.TO_THE_MINUTE), "depthMeters": 4.0 + n})
        self.sightings = self._list(48, "sightings", self._sighting)
        self.backups = self._list(5, "backups", self._backup)
        self.tides = self._list(3, "tides", lambda n: {"highMeters": 3.25 + n})
        self.origin = origin

    def _list(self, count, kind, members):
        up = link("collection", f"{BASE}{self.path}/{kind}")
        return [_entity(f"{self.path}/{kind}/{n}", {"id": n, **members(n)}, up) for n in range(1, count + 1)]

    @staticmethod
    def _sighting(n):
        noticed = MIDDLE + timedelta(minutes=25 * (n - 24) + 5)
        return {"noticed": wire.written_date(noticed, wire.BASIC), "what": f"sail {n}"}

    @staticmethod
    def _backup(n):
        def stamp(seconds, increment):
            notation = wire.BASIC if seconds % 2 else wire.EXTENDED
            return {"date": wire.written_date(MIDDLE + timedelta(seconds=seconds), notation), "increment": increment}

        return {"at": stamp(n, 2**31 - n), "parts": [{"log": "a", "stamp": stamp(n + 1, 0)}, {"log": "b", "stamp": stamp(0, n)}]}

    def shown(self):
        kinds = ("boats", "gauges", "pilots", "piers", "sightings", "backups", "tides", "wrecks", "dredgings", "strongroom")
        links = [link(RELS + kind, f"{self.origin}{BASE}{self.path}/{kind}") for kind in kinds]
        value = {"id": self.name, "members": len(MEMBERS[self.name])}
        return {**value, "links": [*links, link("up", f"{BASE}/groups"), link("self", f"{self.origin}{BASE}{self.path.replace('~', '%7E')}")]}

    def show(self, _request):
        return Answer(200, self.shown())

    def listed(self, request, kind):
        filters = {"pilots": "licence", "gauges": "kind"}
        items, member = getattr(self, kind), filters.get(kind)
        if kind == "piers":
            items = [_relative(item, f"piers/{item['id']}") for item in items]
        wanted = request.query.get(member)
        return page(request, [item for item in items if wanted is None or item[member] == wanted], *filter(None, [member]), bare=kind == "gauges")

    def one(self, _request, kind, number):
        for item in getattr(self, kind):
            if str(item["id"]) == number:
                item = _relative(item, number) if kind == "piers" else item
                return Answer(200, item, "application/vnd.harbour.v1+json")
        raise missing(f"{kind} {number}")

    def sightings_listed(self, request):
        bounds = {}
        for name in ("noticedAfter", "noticedBefore"):
            if name in request.query:
                bounds[name] = wire.read_date(request.query[name])
                if bounds[name] is None:
                    raise bad(f"The parameter {name} takes a date of ISO 8601.", "BAD_DATE", name)
        after = bounds.get("noticedAfter", datetime.min.replace(tzinfo=timezone.utc))
        before = bounds.get("noticedBefore", datetime.max.replace(tzinfo=timezone.utc))
        return page(request, [s for s in self.sightings if after <= wire.read_date(s["noticed"]) <= before], "noticedAfter", "noticedBefore")

    def wrecks_listed(self, request):
        return page(request, [])

    def strongroom(self, _request):
        return Answer(200, _entity(f"{self.path}/strongroom", {"id": "strongroom", "bars": self.bars}))

    def bar_strongroom(self, request, value):
        for name in set(value) - {"bars"}:
            raise bad(f"No such field: {name}.", "UNKNOWN_FIELD", name)
        self.bars = value.get("bars", self.bars)
        return self.strongroom(request)

    def _job(self, number):
        job = self.jobs[number]
        done = time.monotonic() - job["begun"] > 1.2
        value = {"basin": job["basin"], "state": "DREDGED" if done else "DREDGING", "job": number}
        return _entity(f"{self.path}/dredgings/{number}", value)

    def jobs_listed(self, request):
        return page(request, [self._job(number) for number in self.jobs])

    def job(self, _request, number):
        if number not in self.jobs:
            raise missing(f"dredging {number}")
        return Answer(200, self._job(number))

    def begin_job(self, _request, value):
        """Answers with the job, and without a Location."""
        for name in set(value) - {"basin"}:
            raise bad(f"No such field: {name}.", "UNKNOWN_FIELD", name)
        if not isinstance(value.get("basin"), str):
            raise bad("The field basin is needed.", "MISSING_FIELD", "basin")
        number = f"d-{next(self.job_numbers)}"
        self.jobs[number] = {"basin": value["basin"], "begun": time.monotonic()}
        return Answer(202, self._job(number))


class Harbour:
    """All groups, and the way from a request to its answer."""

    def __init__(self, origin):
        self.origin, self.counter, self.lock = origin, Counter(), threading.Lock()
        self.groups = {name: Group(name, origin) for name in MEMBERS}

    def root(self, request):
        own = [link(RELS + "group", f"{BASE}/groups/{name}") for name in self._own(request)]
        return Answer(200, _entity("/", {"name": "Harbour"}, link(RELS + "groups", f"{BASE}/groups"), *own))

    def _own(self, request):
        return [name for name, members in MEMBERS.items() if request.user in members]

    def groups_listed(self, request):
        return page(request, [self.groups[name].shown() for name in self._own(request)])

    def answer(self, request):
        with self.lock:
            group, methods, arguments = self._resource(request)
            method = "GET" if request.method == "HEAD" else request.method
            if group:
                self._may_enter(request, group)
            if method not in methods:
                allowed = ", ".join(sorted({*methods, "HEAD"}))
                detail = f"{method} cannot be done here."
                raise Refusal(405, detail, "NOT_DONE_HERE", method, headers={"aLLOW": allowed})
            if group:
                self._may_do(request, group)
            if method in ("POST", "PUT", "PATCH"):
                arguments = (*arguments, self._body(request))
            if not getattr(methods[method], "__name__", "").endswith("listed"):
                only_known(request)
            return methods[method](request, *arguments)

    def _resource(self, request):
        """The group that a path is about, the methods of the resource by name, and their arguments."""
        if request.path == "/":
            return None, {"GET": self.root}, ()
        if request.path == "/groups":
            return None, {"GET": self.groups_listed}, ()
        match = re.fullmatch(r"/groups/([^/]+)(?:/([a-z]+)(?:/([^/]+))?)?", request.path)
        group = self.groups.get(match[1]) if match else None
        if group is None:
            raise missing(request.path)
        methods, arguments = self._in_group(group, match[2], match[3])
        return group, methods, arguments

    @staticmethod
    def _in_group(group, kind, name):
        fleet = group.fleet
        standing = ("gauges", "pilots", "piers", "backups", "tides", "sightings")
        lists = {
            None: {"GET": group.show},
            "boats": {"GET": fleet.boats_listed, "POST": fleet.create},
            "sightings": {"GET": group.sightings_listed},
            "wrecks": {"GET": group.wrecks_listed},
            "strongroom": {"GET": group.strongroom, "PATCH": group.bar_strongroom},
            "dredgings": {"GET": group.jobs_listed, "POST": group.begin_job},
        }
        items = {
            "boats": {"GET": fleet.show, "PUT": fleet.replace, "PATCH": fleet.change, "DELETE": fleet.remove},
            "dredgings": {"GET": group.job},
        }
        if name is not None and kind in items:
            return items[kind], (name,)
        if name is not None and kind in standing:
            return {"GET": group.one}, (kind, name)
        if name is None and kind in lists:
            return lists[kind], ()
        if name is None and kind in standing:
            return {"GET": group.listed}, (kind,)
        raise missing(kind)

    def _may_enter(self, request, group):
        if request.user not in MEMBERS[group.name]:
            raise Refusal(401, f"You are no member of the group {group.name}.", "NOT_A_MEMBER", group.name)
        if request.path == group.path + "/strongroom" and request.address not in WHITELISTS.get(request.user, ()):
            raise Refusal(401, f"The address {request.address} is not on your whitelist.", "NOT_LISTED", request.address)

    def _may_do(self, request, group):
        if request.method in WRITES and MEMBERS[group.name][request.user] == "read-only":
            raise Refusal(403, "Your role is to look.", "READ_ONLY", request.method)
        if request.path.startswith(group.path + "/tides"):
            self.counter.take(group.name)

    @staticmethod
    def _body(request):
        if request.content_type.partition(";")[0].strip().lower() != "application/json":
            raise Refusal(415, "Send application/json.", "WRONG_TYPE", "Content-Type")
        try:
            return wire.read_object(request.body)
        except wire.NoJson as problem:
            raise bad(str(problem), "NO_JSON") from problem
