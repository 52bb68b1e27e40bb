// What a person does with a report of failures: read, search, filter, link, copy; with a mouse and without.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open } from "./browser.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const rows = (page) => page.locator("#list details.case");
const hash = (page) => page.evaluate(() => location.hash);

test("it opens with the conclusion and what to do next", async () => {
  const { page, context, complaints } = await open(browser, "failing.html");
  assert.equal(await page.locator("h1").innerText(), "Not conformant");
  await page.getByRole("link", { name: /^Fix what violates/ }).click();
  assert.equal(await hash(page), "#broken");
  assert.ok(await page.locator("#broken").isVisible());
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a failure tells what was expected, what came, the exchange, the lines of the case and a command", async () => {
  const { page, context } = await open(browser, "failing.html");
  const requirement = page.locator("article.violation", { hasText: "lists.total" });
  // Invariants see it too, but expect no value; a case does, which may be folded.
  await requirement.locator("details.seen").evaluateAll((all) => { for (const one of all) one.open = true; });
  const violation = requirement.locator(".finding").filter({ has: page.locator(".compare") }).first();
  await violation.scrollIntoViewIfNeeded();
  assert.match(await violation.locator(".expected pre").first().innerText(), /\d+/);
  assert.match(await violation.locator(".actual pre").first().innerText(), /\d+/);
  assert.match(await violation.locator(".source mark").first().innerText(), /totalCount/);
  assert.match(await violation.locator("pre.body mark").first().innerText(), /"totalCount": \d+/);
  assert.match(await violation.locator(".curl pre").first().innerText(), /^curl [^]*--digest --user "\$API_USER_[A-Z]+:\$API_KEY_[A-Z]+"/);
  await context.close();
});

test("a link to a test leads to its row, and the filters do not cover it", async () => {
  const { page, context } = await open(browser, "failing.html");
  const link = page.locator(".violation .seen.first h4 a").last();
  const name = (await link.getAttribute("href")).slice(1);
  await link.click();
  await page.waitForFunction((id) => document.getElementById(id)?.open, name);
  const [row, filters] = await page.evaluate((id) => [
    document.getElementById(id).getBoundingClientRect().top,
    document.querySelector(".filters").getBoundingClientRect().bottom,
  ], name);
  assert.ok(row >= filters - 1, `the row begins at ${row}, the filters end at ${filters}`);
  await context.close();
});

test("the exchanges of a test stand in their order, and those that offend are open", async () => {
  const { page, context } = await open(browser, "failing.html");
  await page.locator(".violation .seen.first h4 a").first().click();
  await page.locator("#list details.case[open] .inside").first().waitFor();
  for (const link of await page.locator(".violation .seen h4 a").all()) {
    await link.evaluate((element) => { location.hash = element.getAttribute("href"); });
  }
  await page.waitForFunction(() => document.querySelectorAll("#list details.case[open] .order").length > 1);
  const orders = await page.evaluate(() => [...document.querySelectorAll("#list .order")].map((order) =>
    [...order.querySelectorAll("details.exchange")].map((it) => [Number(it.dataset.number), it.open, it.matches(".offending")])));
  assert.ok(orders.length > 1);
  for (const order of orders) {
    const numbers = order.map(([number]) => number);
    assert.deepEqual(numbers, [...numbers].sort((one, other) => one - other));
    for (const [, isOpen, offends] of order) assert.equal(isOpen, offends);
  }
  await context.close();
});

test("what failed or is inconclusive stands first in the list, and the first test of a requirement alone is open", async () => {
  const { page, context } = await open(browser, "failing.html");
  // Passed tests come last, so that all must be shown.
  while (await page.locator("#further").isVisible()) await page.locator("#further").click();
  const badges = await rows(page).locator("summary > .badge:first-child").allInnerTexts();
  const is_bad = badges.map((badge) => ["failed", "inconclusive", "suite error", "flaky"].includes(badge));
  assert.ok(is_bad[0] && is_bad.lastIndexOf(true) < is_bad.indexOf(false), badges.join(" "));
  assert.ok(await page.locator(".violation details.seen").count() > 0);
  assert.equal(await page.locator(".violation details.seen[open]").count(), 0);
  await context.close();
});

test("what offends is scrolled into view", async () => {
  const { page, context } = await open(browser, "failing.html");
  const body = page.locator("pre.body:has(mark)").filter({ visible: true });
  for (let at = 0; at < Math.min(await body.count(), 5); at += 1) {
    await body.nth(at).scrollIntoViewIfNeeded();
    await page.waitForFunction((element) => {
      const mark = element.querySelector("mark").getBoundingClientRect();
      const box = element.getBoundingClientRect();
      return mark.top >= box.top - 1 && mark.top < box.bottom;
    }, await body.nth(at).elementHandle());
  }
  assert.ok(await body.count() > 0);
  await context.close();
});

test("searching shows matching cases as one types, and the address keeps the search", async () => {
  const { page, context } = await open(browser, "failing.html");
  const all = await page.locator("#found").innerText();
  // Findings are searched, too, but none of them has this text.
  await page.locator("#q").pressSequentially("[size= long");
  for (const id of await rows(page).locator(".id").allInnerTexts()) assert.match(id, /\[size=/);
  assert.ok(await rows(page).count() > 0);
  assert.equal(await hash(page), "#?q=%5Bsize%3D+long");
  await page.locator("#q").fill("no case is called like this");
  assert.equal(await rows(page).count(), 0);
  assert.match(await page.locator("#found").innerText(), /^0 of/);
  await page.locator("#reset").click();
  await page.waitForFunction((text) => document.getElementById("found").textContent === text, all);
  assert.equal(await hash(page), "#cases");
  await context.close();
});

test("filters combine, and a link with filters opens the same view", async () => {
  const { page, context } = await open(browser, "failing.html");
  await page.locator("#verdict").selectOption("fail");
  await page.locator("#chapter").selectOption("lists");
  await page.locator("#level").selectOption("must");
  const shown = await rows(page).locator(".id").allInnerTexts();
  assert.ok(shown.length > 0 && shown.every((id) => id.startsWith("lists.")), String(shown));
  const address = await hash(page);
  assert.equal(address, "#?verdict=fail&chapter=lists&level=must");
  const other = await open(browser, "failing.html", { hash: address });
  assert.deepEqual(await rows(other.page).locator(".id").allInnerTexts(), shown);
  assert.equal(await other.page.locator("#chapter").inputValue(), "lists");
  await context.close();
  await other.context.close();
});

test("a filter by reason is shown and can be taken off", async () => {
  const { page, context } = await open(browser, "failing.html");
  const reason = page.locator("#aside details.reason").first();
  await reason.locator("summary").click();
  await reason.locator(".all a").click();
  await page.locator("#chips button").waitFor();
  assert.ok((await rows(page).locator(".badge").allInnerTexts()).every((word) => /^not /.test(word)));
  const few = await page.locator("#found").innerText();
  await page.locator("#chips button").click();
  assert.notEqual(await page.locator("#found").innerText(), few);
  assert.equal(await page.locator("#chips button").count(), 0);
  await context.close();
});

test("a set-aside case says how to have it judged", async () => {
  const { page, context } = await open(browser, "failing.html");
  const aside = page.locator("#aside summary", { hasText: "other chapters were asked for" });
  assert.equal(await aside.locator(".remedy").innerText(), "Run without --chapter.");
  await context.close();
});

test("a link to a case opens it, and what was told above is told there too", async () => {
  const { page, context, complaints } = await open(browser, "failing.html");
  const link = page.locator(".violation .seen h4 a").first();
  const id = await link.innerText();
  await link.click();
  const row = page.locator("#list details.case[open]");
  await row.locator(".finding").first().waitFor();
  assert.equal(await row.locator(".id").innerText(), id);
  assert.ok(await row.locator("details.exchange").count() > 0);
  assert.ok(await row.locator("summary").first().evaluate((element) => element === document.activeElement));
  const twice = await page.evaluate(() => {
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    return ids.filter((id, at) => ids.indexOf(id) !== at);
  });
  assert.deepEqual(twice, []);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a passing case tells what it asked", async () => {
  const { page, context } = await open(browser, "failing.html", { hash: "#?verdict=pass" });
  const row = rows(page).filter({ hasNotText: "Ensure that every" }).first();
  await row.locator("summary").click();
  assert.match(await row.locator(".sent li").first().innerText(), /^[A-Z]+ \/.* as \w+.*: \d{3} in /);
  await context.close();
});

test("the command is copied; where that is not allowed it is selected", async () => {
  const { page, context } = await open(browser, "failing.html", { permissions: ["clipboard-read", "clipboard-write"] });
  const curl = page.locator(".violation .exchange .curl").filter({ visible: true }).first();
  const command = await curl.locator("pre").textContent();
  await curl.locator("button.copy").click();
  await curl.getByText("Copied").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), command);
  await page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new Error("no")); });
  await page.getByRole("button", { name: /^Copy the command/ }).nth(1).click();
  const other = page.locator(".violation .exchange .curl").filter({ visible: true }).nth(1);
  await other.getByText("Selected").waitFor();
  assert.equal(await page.evaluate(() => getSelection().toString().trim()), (await other.locator("pre").innerText()).trim());
  await context.close();
});

test("the script that repeats a test is shown and copied", async () => {
  const { page, context } = await open(browser, "failing.html", { permissions: ["clipboard-read", "clipboard-write"] });
  const script = page.locator(".violation details.script").first();
  await script.locator("summary").click();
  await script.locator("button.copy").click();
  await script.getByText("Copied").waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^#!\/bin\/sh\n# The requests of the test /);
  assert.match(copied, /\nfound '.*'\nshow\n/);
  await context.close();
});

test("everything can be done with the keyboard alone", async () => {
  const { page, context } = await open(browser, "failing.html");
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.className);
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "main");
  await page.locator("#q").focus();
  await page.keyboard.type("walk");
  for (const next of ["verdict", "chapter", "level", "reset"]) {
    await page.keyboard.press("Tab");
    assert.equal(await focused(), next);
  }
  await page.keyboard.press("Tab");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(outline, "none");
  await page.keyboard.press("Enter");
  assert.ok(await rows(page).first().evaluate((row) => row.open && row.querySelector(".inside") !== null));
  await context.close();
});

test("more cases are shown on demand, and the focus goes to the first of them", async () => {
  const { page, context } = await open(browser, "failing.html");
  const before = await rows(page).count();
  assert.equal(before, 100);
  await page.locator("#further").click();
  assert.ok(await rows(page).count() > before);
  assert.ok(await rows(page).nth(before).locator("summary").evaluate((element) => element === document.activeElement));
  await context.close();
});

test("the timeline names the case under the pointer and leads to it", async () => {
  const { page, context } = await open(browser, "failing.html");
  const drawing = page.locator("#timeline");
  await drawing.scrollIntoViewIfNeeded();
  const box = await drawing.boundingBox();
  const bar = await page.evaluate(() => {
    const { cases } = JSON.parse(document.getElementById("data").textContent);
    return cases.filter((item) => item.bar).sort((a, b) => b.bar[1] - a.bar[1])[0];
  });
  const height = await drawing.evaluate((svg) => svg.viewBox.baseVal.height);
  const at = {
    x: box.x + (bar.bar[0] + bar.bar[1] / 2) / 10000 * box.width,
    y: box.y + (bar.bar[2] * 10 + 4) / height * box.height,
  };
  await page.mouse.move(at.x, at.y);
  assert.ok((await page.locator("#at").innerText()).startsWith(bar.id));
  await page.mouse.click(at.x, at.y);
  await page.locator("#list details.case[open]").waitFor();
  assert.equal(await page.locator("#list details.case[open] .id").first().innerText(), bar.id);
  await context.close();
});
