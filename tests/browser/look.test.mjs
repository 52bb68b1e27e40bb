// How a report and a certificate look: light and dark, narrow and wide, on paper, without scripts, and to a screen reader.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findings, launch, open, widthOverrun } from "./browser.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

for (const colorScheme of ["light", "dark"]) {
  for (const width of [360, 1600]) {
    test(`axe finds nothing, and nothing is cut off: ${colorScheme}, ${width} pixels`, async () => {
      const viewport = { width, height: 900 };
      for (const [name, hash] of [["failing.html", ""], ["failing.html", "#?verdict=fail"], ["passing.html", ""], ["certificate.html", ""]]) {
        const { page, context, complaints } = await open(browser, name, { hash, colorScheme, viewport });
        if (hash) {
          await page.locator("#list summary").first().click();
          await page.locator("#list .exchange").first().waitFor();
        }
        assert.deepEqual(await findings(page), [], `${name}${hash}`);
        assert.equal(await widthOverrun(page), 0, `${name}${hash}`);
        assert.deepEqual(complaints, []);
        await context.close();
      }
    });
  }
}

test("dark is dark and light is light", async () => {
  const brightness = async (colorScheme) => {
    const { page, context } = await open(browser, "failing.html", { colorScheme });
    const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await context.close();
    return colour.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
  };
  assert.ok(await brightness("dark") < 150);
  assert.ok(await brightness("light") > 600);
});

test("on paper there is everything but what only a screen can do", async () => {
  const { page, context } = await open(browser, "failing.html", { colorScheme: "dark" });
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  for (const gone of [".top nav", "#cases", "button.copy", "#requirements", ".violation details.script"]) {
    assert.equal(await page.locator(gone).first().isVisible(), false, gone);
  }
  const pdf = await page.pdf({ format: "A4" });
  assert.ok(pdf.length > 50_000, `${pdf.length} bytes`);
  // Of each violated requirement the first test is printed, with one exchange.
  for (const violation of await page.locator(".violation").all()) {
    assert.equal(await violation.locator(".seen").filter({ visible: true }).count(), 1);
    assert.ok(await violation.locator("details.exchange").filter({ visible: true }).count() <= 1);
    assert.equal(await violation.locator(".seen.first details.exchange:not([open])").filter({ visible: true }).count(), 0);
  }
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
  await context.close();
});

test("without scripts the conclusion, the failures and the requirements are there", async () => {
  const { page, context } = await open(browser, "failing.html", { javaScriptEnabled: false });
  assert.equal(await page.locator("h1").innerText(), "Not conformant");
  const failures = page.locator(".violation");
  assert.ok(await failures.count() > 2);
  for (const part of ["h3", ".compare", ".source", ".exchange", ".curl"]) {
    assert.ok(await failures.first().locator(part).first().isVisible(), part);
  }
  assert.ok(await page.locator("#requirements tbody tr").count() > 50);
  assert.ok(await page.locator("#requirements tr:has(.badge.fail)").first().isVisible());
  assert.ok(await page.locator("noscript p").first().isVisible());
  assert.equal(await page.locator("#filter").isVisible(), false);
  assert.equal(await page.locator("button.copy").first().isVisible(), false);
  assert.ok(await page.locator("#timeline path").count() > 0);
  await context.close();
});
