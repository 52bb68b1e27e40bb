// Opens reports in Chromium as a person would find them: from disk, without network.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = process.env.REPORTS ?? assert.fail("REPORTS names the folder of the reports; .ci/browser makes it");

export const addressOf = (name) => pathToFileURL(path.join(folder, name)).href;
export const fileOf = (name) => path.join(folder, name);

export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
  ],
});

// A page on which any error, refused script or style, dialog or request for anything else is noted in `complaints`.
export const open = async (browser, name, { hash = "", ...options } = {}) => {
  const context = await browser.newContext({ viewport: { width: 1600, height: 1000 }, ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => { if (message.type() === "error") complaints.push(message.text()); });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => { complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== addressOf(name)) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(addressOf(name) + hash);
  return { page, context, complaints };
};

// What axe-core finds, a line each.
export const findings = async (page) => {
  // The page's policy refuses injected script elements; evaluating does not make one.
  await page.evaluate(axe);
  const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return result.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0].html.slice(0, 200)}`);
};

export const widthOverrun = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
