// Strings of a target are data: nothing of them runs, loads, or changes what a browser builds.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { findings, fileOf, launch, open, widthOverrun } from "./browser.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const count = JSON.parse(readFileSync(fileOf("hostile.json"), "utf8")).length;

// Names of elements and attributes that only a target's string could have brought.
const foreign = (page) => page.evaluate(() => {
  const names = ["img", "iframe", "object", "embed", "base", "link", "video", "audio", "math", "marquee"];
  const found = names.flatMap((name) => [...document.querySelectorAll(name)].map(() => name));
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith("on") || name === "style" || name === "autofocus") found.push(`${element.localName} ${name}`);
      if (name === "href" && !value.startsWith("#")) found.push(`href ${value}`);
    }
  }
  const scripts = document.querySelectorAll("script").length;
  return scripts === 2 ? found : [...found, `${scripts} scripts`];
});

for (let at = 0; at < count; at += 1) {
  test(`hostile string ${at} is inert`, async () => {
    const { page, context, complaints } = await open(browser, `hostile-${at}.html`, { viewport: { width: 360, height: 800 } });
    await page.locator("#list details.case").first().waitFor();
    // Everything that can be opened is opened, so that copies are made of it too.
    for (const row of await page.locator("#list details.case > summary").all()) await row.click();
    assert.deepEqual(await foreign(page), []);
    assert.equal(await page.evaluate(() => globalThis.hostile), undefined);
    const unseen = await page.evaluate(() => /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(document.body.textContent));
    assert.equal(unseen, false, "a control or direction character");
    assert.equal(await widthOverrun(page), 0);
    assert.deepEqual(complaints, []);
    if (at === 0) assert.deepEqual(await findings(page), []);
    await context.close();
  });
}

test("an address is data too", async () => {
  for (const hash of ["#?q=<img src=x onerror=alert(1)>&verdict=none&reason=<b>", "#case-</script>", "#%E0%A4%A"]) {
    const { page, context, complaints } = await open(browser, "failing.html", { hash });
    await page.locator("#found").filter({ hasText: "case" }).waitFor();
    assert.deepEqual(await foreign(page), []);
    assert.deepEqual(complaints, []);
    await context.close();
  }
});
