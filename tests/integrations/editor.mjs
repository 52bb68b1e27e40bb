// Drives yaml-language-server, which editors use, on the files that `atlaspec new` and `init` write: the schema that their
// first line names is found, a mistake is shown where it is, and keys are completed and explained.
//   editor.mjs FOLDER CASE_FILE TARGET_FILE MORE_FILES…
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(resolve(process.argv[2], "package.json"));
const rpc = require("vscode-jsonrpc/node");
const [caseFile, targetFile, ...others] = process.argv.slice(3);

const server = spawn(process.execPath, [require.resolve("yaml-language-server/bin/yaml-language-server"), "--stdio"]);
server.stderr.pipe(process.stderr);
const connection = rpc.createMessageConnection(
  new rpc.StreamMessageReader(server.stdout),
  new rpc.StreamMessageWriter(server.stdin),
);
const settings = { validate: true, hover: true, completion: true, schemaStore: { enable: false } };
connection.onRequest("workspace/configuration", ({ items }) =>
  items.map(({ section }) => (section === "yaml" ? settings : {})),
);
connection.onRequest("client/registerCapability", () => null);
// What is shown of a version of a file comes unasked.
const shown = new Map();
connection.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }) => shown.get(uri)?.(diagnostics));
connection.listen();

const root = pathToFileURL(process.cwd()).href;
await connection.sendRequest("initialize", {
  processId: process.pid,
  rootUri: root,
  workspaceFolders: [{ uri: root, name: "here" }],
  capabilities: { workspace: { configuration: true }, textDocument: { hover: { contentFormat: ["plaintext"] } } },
});
await connection.sendNotification("initialized", {});
await connection.sendNotification("workspace/didChangeConfiguration", { settings: { yaml: settings } });

let versions = 0;
const open = new Set();
// Shows a text to the server as that of a file; what it says of it.
async function said(file, text) {
  const uri = pathToFileURL(resolve(file)).href;
  versions += 1;
  const answer = new Promise((then, fail) => {
    shown.set(uri, then);
    setTimeout(() => fail(new Error(`nothing is said of ${file}`)), 30_000).unref();
  });
  if (open.has(uri)) {
    await connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version: versions },
      contentChanges: [{ text }],
    });
  } else {
    open.add(uri);
    await connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "yaml", version: versions, text },
    });
  }
  return answer;
}
const ask = (what, file, line, character) =>
  connection.sendRequest(`textDocument/${what}`, {
    textDocument: { uri: pathToFileURL(resolve(file)).href },
    position: { line, character },
  });
const place = (text, words) => {
  const before = text.slice(0, text.indexOf(words));
  assert.ok(text.includes(words), words);
  return [before.split("\n").length - 1, before.length - before.lastIndexOf("\n") - 1];
};

for (const file of [caseFile, targetFile, ...others]) {
  const text = readFileSync(file, "utf8");
  assert.match(text, /^# yaml-language-server: \$schema=/, file);
  assert.deepEqual(await said(file, text), [], file);
}

// A mistake in each is shown in its line, by the schema that the file names.
for (const [file, right, wrong, says] of [
  [caseFile, "purpose:", "purpos:", /purpos/],
  [targetFile, "base-url:", "base-ulr:", /base-ulr/],
]) {
  const text = readFileSync(file, "utf8");
  const [line] = place(text, right);
  const found = await said(file, text.replace(right, wrong));
  assert.ok(
    found.some((it) => says.test(it.message) && it.range.start.line === line),
    `${file}: ${JSON.stringify(found)}`,
  );
  assert.deepEqual(await said(file, text), [], file);
  const hover = await ask("hover", file, line, place(text, right)[1] + 1);
  assert.ok(JSON.stringify(hover).length > 20, `${file}: ${JSON.stringify(hover)}`);
}

// Keys that may stand at a place are offered.
const text = readFileSync(targetFile, "utf8");
const end = text.replace(/\n*$/, "\n");
await said(targetFile, `${end}li`);
const offered = await ask("completion", targetFile, end.split("\n").length - 1, 2);
const labels = (offered.items ?? offered).map((it) => it.label);
assert.ok(labels.includes("limits"), labels.join(" "));

await connection.sendRequest("shutdown");
await connection.sendNotification("exit");
console.log(`an editor knows ${2 + others.length} files`);
