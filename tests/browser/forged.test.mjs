// Forged certificates: a browser shows what the forger wants, and `verify` refuses every one of them.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { addressOf, fileOf, launch } from "./browser.mjs";

const atlaspec = process.env.ATLASPEC ?? assert.fail("ATLASPEC names the program; .ci/browser sets it");
const FORGED = "Forged";
const forgeries = JSON.parse(readFileSync(new URL("../fixtures/certificate/forgeries.json", import.meta.url), "utf8"));

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

// The exit code of `verify` and what it says.
const verify = (name) => new Promise((resolve) => {
  execFile(atlaspec, ["verify", fileOf(name), "--key", fileOf("public.pem")],
    (error, out) => resolve({ code: error?.code ?? 0, out }));
});

// The text that a reader sees in the end: a page may lead to another one.
const textOf = async (name, wanted) => {
  const page = await browser.newPage();
  await page.goto(addressOf(name));
  if (wanted) await page.getByText(wanted).first().waitFor({ timeout: 10_000 });
  const text = await page.locator("body").innerText();
  await page.close();
  return text;
};

test("the genuine page is good and shows nothing else", async () => {
  assert.equal((await verify("certificate.html")).code, 0);
  assert.ok(!(await textOf("certificate.html")).includes(FORGED));
});

for (const { name, of, from, to } of forgeries) {
  test(`${name} is shown by a browser and refused by verify`, async () => {
    const genuine = readFileSync(fileOf(of), "utf8");
    const forged = genuine.replace(from, () => to);
    assert.notEqual(forged, genuine);
    writeFileSync(fileOf("elsewhere.html"), `<!doctype html><h1>${FORGED}</h1>`);
    writeFileSync(fileOf("forged.html"), forged);
    assert.ok((await textOf("forged.html", FORGED)).includes(FORGED));
    const { code, out } = await verify("forged.html");
    assert.equal(code, 1, out);
    assert.match(out, /is not good: 1 problem/);
  });
}
