// Node clients, unmodified, against `atlaspec serve`: each call of theirs on a line, `ok` or why not.
// Usage: node node.js MODULES ORIGIN GROUP USER KEY CLIENT. Certificates are trusted by NODE_EXTRA_CA_CERTS.
"use strict";

const { createRequire } = require("node:module");

const [modules, origin, group, user, key, wanted] = process.argv.slice(2);
const load = createRequire(`${modules}/`);
const base = `${origin}/api/atlas/v1.0`;
let failed = 0;

async function step(client, what, call, check = () => true) {
  let value;
  let outcome;
  try {
    value = await call();
    outcome = check(value) ? "ok" : `unexpected: ${JSON.stringify(value).slice(0, 120)}`;
  } catch (error) {
    outcome = `${error.name}: ${error.message.slice(0, 160)}`;
  }
  failed += outcome === "ok" ? 0 : 1;
  console.log(`${client}\t${what}\t${outcome}`);
  return value;
}

async function withUrllib() {
  const { request } = load("urllib");
  const name = "urllib";
  const send = (url, options = {}) =>
    request(url, { digestAuth: `${user}:${key}`, dataType: "json", contentType: "json", ...options });
  const configs = `${base}/groups/${group}/alertConfigs`;
  const document = { name, eventTypeName: "HOST_DOWN", notification: { email: "ops@example.com" } };
  await step(name, "list", async () => (await send(`${base}/groups`)).data.totalCount, (count) => count > 0);
  await step(name, "page", async () => {
    let url = `${base}/groups/${group}/hosts`;
    let count = 0;
    while (url) {
      const { data } = await send(url);
      count += data.results.length;
      url = data.links.find((link) => link.rel === "next")?.href;
    }
    return count;
  }, (count) => count === 253);
  const made = await step(name, "create", () => send(configs, { method: "POST", data: document }), (it) => it.status === 201);
  const own = made.headers.location;
  await step(name, "update", () => send(own, { method: "PATCH", data: { enabled: false } }), (it) => it.data.enabled === false);
  await step(name, "replace", () => send(own, { method: "PUT", data: document }), (it) => it.data.enabled === true);
  await step(name, "delete", () => send(own, { method: "DELETE" }), (it) => it.status === 204);
  await step(name, "missing", () => send(own), (it) => it.status === 404);
}

async function withAtlasClient() {
  const make = load("mongodb-atlas-api-client");
  const name = "mongodb-atlas-api-client";
  const client = make({ publicKey: user, privateKey: key, baseUrl: base, projectId: group });
  await step(name, "list", () => client.project.getAll(), (it) => it.totalCount > 0);
  await step(name, "by name", () => client.project.getByName("Atlaspec Main"), (it) => it.id === group);
  await step(name, "page", () => client.event.getAll({ pageNum: 2, itemsPerPage: 5 }), (it) => it.results.length === 5);
  await step(name, "envelope", () => client.project.getById(group, { envelope: true }), (it) => it.status === 200 && it.content.id === group);
  const body = { databaseName: "admin", username: "bob", password: "a secret", roles: [{ databaseName: "db", roleName: "read" }] };
  await step(name, "create", () => client.user.create(body), (it) => it.username === "bob" && !("password" in it));
  await step(name, "update", () => client.user.update("bob", { roles: [] }), (it) => it.roles.length === 0);
  await step(name, "read", () => client.user.get("bob"), (it) => it.username === "bob");
  await step(name, "taken", () => client.user.create(body), (it) => it.error === 409);
  await step(name, "delete", () => client.user.delete("bob"), (it) => it === true);
  await step(name, "create cluster", () => client.cluster.create({ name: "made" }), (it) => it.stateName === "IDLE");
  await step(name, "update cluster", () => client.cluster.update("made", { paused: true }), (it) => it.paused === true);
  await step(name, "delete cluster", () => client.cluster.delete("made"), (it) => it === true);
  await step(name, "add address", () => client.projectWhitelist.create([{ cidrBlock: "10.0.0.0/24" }]), (it) => it.totalCount === 1);
  await step(name, "remove address", () => client.projectWhitelist.delete("10.0.0.0%2F24"), (it) => it === true);
  await step(name, "misspelt", () => client.user.create({ ...body, usrname: "x" }), (it) => it.error === 400 && it.detail.includes("usrname"));
}

(wanted === "urllib" ? withUrllib() : withAtlasClient()).then(() => process.exit(failed ? 1 : 0));
