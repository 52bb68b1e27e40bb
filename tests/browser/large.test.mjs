// A run of ten thousand cases: small, quick to open, and searched as one types.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileOf, launch, open } from "./browser.mjs";

const MOST_BYTES = 20_000_000;
const MOST_MEMORY = 150 * 1024;
const OPENS_WITHIN = 2_000;
const SEARCHES_WITHIN = 200;
const TRIES = 5;

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test("its page and the memory that making it takes stay within their bounds", (t) => {
  const bytes = statSync(fileOf("large.html")).size;
  const memory = Number(readFileSync(fileOf("large.memory"), "utf8"));
  t.diagnostic(`${bytes} bytes, made with ${memory} KiB`);
  assert.ok(bytes < MOST_BYTES, `${bytes} bytes`);
  assert.ok(memory > 1_000 && memory < MOST_MEMORY, `${memory} KiB`);
});

// The machine may be busy with something else: the best of a few counts.
test("it opens quickly", async (t) => {
  const times = [];
  while (times.length < TRIES && !times.some((time) => time < OPENS_WITHIN)) {
    const { page, context, complaints } = await open(browser, "large.html");
    await page.locator("#list details.case").first().waitFor();
    times.push(await page.evaluate(() => performance.getEntriesByType("navigation")[0].loadEventEnd));
    assert.match(await page.locator("#found").innerText(), /^10000 cases$/);
    assert.deepEqual(complaints, []);
    await context.close();
  }
  t.diagnostic(`opened in ${times.map(Math.round).join(", ")} ms`);
  assert.ok(Math.min(...times) < OPENS_WITHIN, `${times} ms`);
});

test("it is searched as one types", async (t) => {
  const { page, context } = await open(browser, "large.html");
  const search = (text) => page.evaluate((text) => {
    const field = document.getElementById("q");
    const begun = performance.now();
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    document.body.getBoundingClientRect();
    return performance.now() - begun;
  }, text);
  await search("w");
  const times = [];
  for (const text of ["wa", "walk", "walk n=99", "n=9999", ""]) times.push(await search(text));
  t.diagnostic(`searched in ${times.map(Math.round).join(", ")} ms`);
  times.sort((a, b) => a - b);
  assert.ok(times[2] < SEARCHES_WITHIN, `${times} ms`);
  await page.locator("#q").fill("n=9999");
  assert.equal(await page.locator("#list details.case").count(), 1);
  await context.close();
});

test("a link to its last case is followed", async () => {
  const last = JSON.parse(readFileSync(fileOf("large.json"), "utf8")).results.at(-1);
  const anchor = `case-${last.id.replace(/[^A-Za-z0-9._-]/g, "-")}`;
  const { page, context } = await open(browser, "large.html", { hash: `#${anchor}` });
  await page.locator("#list details.case[open]").waitFor();
  assert.equal(await page.locator("#list details.case[open] .id").innerText(), last.id);
  await context.close();
});
