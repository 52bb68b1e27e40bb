"""Python clients, unmodified, against `atlaspec serve`: each call of theirs on a line, `ok` or why not.

Usage: python.py ORIGIN GROUP USER KEY CA CLIENT…, CA empty for http. CONTROL is the address of the control port, CONTROL_TOKEN its token.
"""

import logging
import os
import sys
import time
import urllib.request
import warnings

origin, group, user, key, ca, *wanted = sys.argv[1:]
base = f"{origin}/api/atlas/v1.0"
os.environ |= {"BASE_URL": origin, "URI_STUB": "/api/atlas/v1.0"}
if ca:
    os.environ |= {"REQUESTS_CA_BUNDLE": ca, "SSL_CERT_FILE": ca}
control = os.environ["CONTROL"]
logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")
failed = 0


def step(client, what, call, check=lambda value: True):
    """Does what a client can do and prints how it went."""
    global failed
    value = None
    try:
        value = call()
        outcome = "ok" if check(value) else f"unexpected: {str(value)[:120]}"
    except Exception as error:  # whatever a client raises is its answer
        outcome = f"{type(error).__name__}: {str(error)[:160]}"
    failed += outcome != "ok"
    print(f"{client}\t{what}\t{outcome}", flush=True)
    return value


def document(name):
    return {"name": name, "eventTypeName": "HOST_DOWN", "notification": {"email": "ops@example.com"}}


def generic(client, session):
    """requests and httpx have one interface."""
    configs = f"{base}/groups/{group}/alertConfigs"

    def walk():
        url, items = f"{base}/groups/{group}/hosts?itemsPerPage=100", []
        while url:
            page = session.get(url).json()
            items += page["results"]
            url = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
        return len(items)

    step(client, "list", lambda: session.get(f"{base}/groups").json()["totalCount"], lambda count: count > 0)
    step(client, "page", walk, lambda count: count == 253)
    made = step(client, "create", lambda: session.post(configs, json=document(client)), lambda it: it.status_code == 201)
    own = made.headers["location"]
    step(client, "update", lambda: session.patch(own, json={"enabled": False}).json(), lambda it: it["enabled"] is False)
    step(client, "replace", lambda: session.put(own, json=document(client)).json(), lambda it: it["enabled"] is True)
    step(client, "delete", lambda: session.delete(own).status_code, lambda status: status == 204)
    def after(order):
        """Reads the groups after an order to the server."""
        headers = {"Authorization": f"Bearer {os.environ['CONTROL_TOKEN']}"}
        urllib.request.urlopen(urllib.request.Request(control + order, method="POST", headers=headers))
        return session.get(f"{base}/groups").status_code

    step(client, "stale nonce", lambda: after("/expire-nonces"), lambda status: status == 200)
    step(client, "unavailable", lambda: after("/fail?status=503"), lambda status: status == 503)
    step(client, "rate limit", lambda: after("/fail?status=429&retry-after=1"), lambda status: status == 429)
    time.sleep(1.1)
    step(client, "missing", lambda: session.get(own).status_code, lambda status: status == 404)


def with_requests():
    import requests
    from requests.auth import HTTPDigestAuth

    session = requests.Session()
    session.auth = HTTPDigestAuth(user, key)
    generic("requests", session)


def with_httpx():
    import httpx
    import ssl

    context = ssl.create_default_context(cafile=ca or None)
    with httpx.Client(auth=httpx.DigestAuth(user, key), verify=context) as session:
        generic("httpx", session)


def with_mongodbatlas():
    from mongodbatlas.atlasapi import AtlasAPI
    from mongodbatlas.atlaskey import AtlasKey
    from mongodbatlas.atlasrequests import AtlasRequests

    AtlasRequests.ATLAS_BASE_URL = base
    api, requests = AtlasAPI(AtlasKey(user, key)), AtlasRequests(AtlasKey(user, key))
    name = "mongodbatlas"
    step(name, "list organizations", lambda: list(api.get_organizations()), lambda it: len(it) > 0)
    step(name, "list projects", lambda: list(api.get_project_ids()), lambda it: group in it)
    step(name, "page", lambda: len(list(requests.get_resource_by_item(f"/groups/{group}/hosts"))), lambda it: it == 253)
    step(name, "create", lambda: api.create_cluster(group, {"name": "made", "numShards": 1}), lambda it: it["name"] == "made")
    step(name, "read", lambda: api.get_one_cluster(group, "made"), lambda it: it["paused"] is False)
    step(name, "list clusters", lambda: [it.get("name") for it in api.get_clusters(group)], lambda it: "made" in it)
    step(name, "update", lambda: api.modify_cluster(group, "made", {"diskSizeGB": 20}), lambda it: it["diskSizeGB"] == 20)
    step(name, "pause", lambda: api.pause(group, "made"), lambda it: it["paused"] is True)
    step(name, "delete", lambda: api.delete_cluster(group, "made"), lambda it: it == {})


def with_atlasapi():
    from atlasapi.atlas import Atlas
    from atlasapi.specs import DatabaseUsersPermissionsSpecs, IAMType, RoleSpecs

    atlas, name = Atlas(user, key, group), "atlasapi"
    step(name, "list projects", lambda: [it.id for it in atlas.Projects.projects], lambda it: group in it)
    step(name, "list organizations", lambda: [it.id for it in atlas.Organizations.organizations], lambda it: len(it) > 0)
    step(name, "page", lambda: len(list(atlas.Clusters.get_all_clusters(iterable=True, itemsPerPage=5))), lambda it: it == 12)
    step(name, "500 a page", lambda: len(atlas.network.get_big(f"{base}/groups/{group}/hosts")["results"]), lambda it: it == 253)

    spec = DatabaseUsersPermissionsSpecs("ann", "a secret", IAMType.NONE)
    spec.add_roles("db", [RoleSpecs.read])
    users = atlas.DatabaseUsers

    class Update:
        """Its own class for updates cannot be made (`None.value`); any object that gives specs is taken."""

        def getSpecs(self):
            return {"roles": [{"databaseName": "db", "roleName": "readWrite"}]}

    step(name, "create", lambda: users.create_a_database_user(spec), lambda it: it["username"] == "ann" and "password" not in it)
    step(name, "read", lambda: users.get_a_single_database_user("ann"), lambda it: len(it["roles"]) == 1)
    step(name, "update", lambda: users.update_a_database_user("ann", Update()), lambda it: it["roles"][0]["roleName"] == "readWrite")
    step(name, "list", lambda: [it["username"] for it in users.get_all_database_users(iterable=True)], lambda it: it == ["ann"])
    step(name, "delete", lambda: users.delete_a_database_user("ann"), lambda it: it == {"deleted": True})
    entries = atlas.Whitelist
    step(name, "add address", lambda: [it.ipAddress for it in entries.create_whitelist_entry("10.1.2.3", "c")], lambda it: it == ["10.1.2.3"])
    step(name, "list addresses", lambda: [it.comment for it in entries.get_all_whitelist_entries()], lambda it: it == ["c"])
    step(name, "remove address", lambda: entries.delete_a_whitelist_entry("10.1.2.3"), lambda it: it == {"deleted": True})


def with_opsmanager():
    from opsmanager import OpsManagerClient

    client, name = OpsManagerClient(origin, user, key, rate_limit=0, retry_count=0), "opsmanager"
    step(name, "list organizations", lambda: client.organizations.list(), lambda it: len(it) > 0)
    step(name, "list projects", lambda: [it.id for it in client.projects.list()], lambda it: group in it)
    step(name, "by name", lambda: client.projects.get_by_name("Atlaspec Main").id, lambda it: it == group)
    step(name, "page", lambda: len(list(client.deployments.list_hosts_iter(group))), lambda it: it == 253)
    step(name, "alert configurations", lambda: client.alert_configurations.list(group), lambda it: len(it) > 0)
    jobs = client.log_collection
    made = step(name, "create", lambda: jobs.create(group, "CLUSTER", "main"), lambda it: it.id)
    step(name, "update", lambda: jobs.extend(group, made.id, "2031-04-30T00:00:00Z") or True)
    step(name, "list", lambda: [it.id for it in jobs.list(group)], lambda it: it == [made.id])
    step(name, "delete", lambda: jobs.delete(group, made.id) or True)


CLIENTS = {
    "requests": with_requests,
    "httpx": with_httpx,
    "mongodbatlas": with_mongodbatlas,
    "atlasapi": with_atlasapi,
    "opsmanager": with_opsmanager,
}
for name in wanted or CLIENTS:
    CLIENTS[name]()
sys.exit(1 if failed else 0)
