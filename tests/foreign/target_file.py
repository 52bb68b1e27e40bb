"""The target file: what a tester must know of the harbour, with its keys in files beside it."""

import os

from answers import BASE
from harbour import FAR, NORTH, SOUTH

ROLES = {"owner": "skipper", "second": "mate", "reader": "w\u00e4chter", "outsider": "stowaway", "other": "pilot"}

TEXT = """\
name: harbour
base-url: {origin}{base}
tls: {{ ca: harbour.pem }}
users:
{users}
sources: {{ allowed: 127.0.0.31, refused: 127.0.0.32, other: 127.0.0.33 }}
claims:
  [lists, envelope, pretty, writes, roles, groups, whitelist, dates, timestamps, asynchronous, rate-limits, browse]
nonce-lifetime: {lifetime}s
plain-addresses: ["{plain}{base}/"]
parameters:
  group: "{north}"
  other-groups: {{ owner: "{south}", outsider: "{far}" }}
  group-paths: ["/groups/{{group}}/dredgings"]
  list:
    long: "/groups/{{group}}/gauges"
    short: "/groups/{{group}}/piers"
    empty: "/groups/{{group}}/wrecks"
    exact: "/groups/{{group}}/pilots"
    exact-count: 40
    filtered: "/groups/{{group}}/pilots?licence=sea"
  lists:
    - /groups
    - "/groups/{{group}}/boats"
    - "/groups/{{group}}/gauges"
    - "/groups/{{group}}/pilots"
    - "/groups/{{group}}/piers"
    - "/groups/{{group}}/sightings"
    - "/groups/{{group}}/backups"
    - "/groups/{{group}}/wrecks"
    - "/groups/{{group}}/dredgings"
  entities:
    - "/groups/{{group}}"
    - "/groups/{{group}}/gauges/17"
    - "/groups/{{group}}/pilots/4"
    - "/groups/{{group}}/sightings/9"
    - "/groups/{{group}}/backups/2"
  entity: "/groups/{{group}}/piers/3"
  missing:
    entity: "/groups/{{group}}/piers/77"
    list: /groups/no-such-quay/piers
  forbidden-methods:
    - {{ method: DELETE, path: "/groups/{{group}}/piers" }}
    - {{ method: PUT, path: "/groups/{{group}}/piers/3" }}
    - {{ method: POST, path: "/groups/{{group}}/wrecks" }}
    - {{ method: PATCH, path: "/groups/{{group}}/gauges/17" }}
  document:
    list: "/groups/{{group}}/boats"
    missing-list: /groups/no-such-quay/boats
    valid:
      callSign: "Möwe {{unique}}"
      lengthMeters: 12
      berth: {{ pier: "east", place: 3 }}
      launched: "1998-04-05T06:07:08Z"
      cargo: [sand, "tin / lead"]
    unique: callSign
    update: {{ lengthMeters: 13.5, berth: {{ pier: west, place: 4 }}, cargo: [] }}
    optional: {{ name: livery, value: green }}
    nested: berth
    unmodifiable: {{ hull: 5, entered: "2001-02-03T04:05:06Z" }}
    volatile: [touched, revision]
    date: launched
    complete: true
  dated:
    list: "/groups/{{group}}/sightings"
    from: noticedAfter
    to: noticedBefore
    member: noticed
    between: "2016-05-06T07:08:09"
  timestamps: {{ path: "/groups/{{group}}/backups/2", at: "$..[?@.increment >= -2147483648]" }}
  job:
    list: "/groups/{{group}}/dredgings"
    valid: {{ basin: "outer basin" }}
    done: {{ $.state: DREDGED }}
  limited:
    path: "/groups/{{group}}/tides"
    other: "/groups/{south}/tides"
    free: "/groups/{{group}}/piers/1"
  restricted: {{ path: "/groups/{{group}}/strongroom", update: {{ bars: 13 }}, other-update: {{ bars: 14 }} }}
  date-members: [noticed, launched, entered, touched, seen, since, built]
  unit-members: [lengthMeters, depthMeters, levelCentimeters, highMeters]
"""


def _key_file(folder, role, key):
    path = os.path.join(folder, f"{role}.key")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(key)
    return f"{role}.key"


def write(path, origin, plain, lifetime, keys):
    """Writes the target file, and the keys that it names into files that only their owner reads."""
    folder = os.path.dirname(os.path.abspath(path))
    users = []
    for role, username in ROLES.items():
        rights = ", role: read-only" if role == "reader" else ""
        file = _key_file(folder, role, keys[username])
        users.append(f'  {role}: {{ username: {username}, api-key: {{ file: {file} }}{rights} }}')
    names = {"base": BASE, "north": NORTH, "south": SOUTH, "far": FAR, "users": "\n".join(users)}
    with open(path, "w", encoding="utf-8") as file:
        file.write(TEXT.format(origin=origin, plain=plain, lifetime=lifetime, **names))
