// Reads the reports of one run with parsers that are not ours, and compares what they saw with the run itself.
"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");

const run = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const folder = process.argv[3];
const read = (name) => fs.readFileSync(`${folder}/${name}`, "utf8");
const isKnown = ({ standing, verdict }) => standing === "as-expected" && ["fail", "flaky"].includes(verdict);
const count = (fits) => run.results.filter(fits).length;
// What a list of known failures excuses is told apart.
const number = (...verdicts) => count((result) => verdicts.includes(result.verdict) && !isKnown(result));
const known = count(isKnown);
const flaws = run.known_failures?.problems.length ?? 0;
const passed = number("pass", "warn", "observed");
const unclear = number("inconclusive", "flaky", "defect");
const aside = number("not-applicable", "not-selected");

async function ctrf() {
    const { validate } = await import(require.resolve("ctrf"));
    const report = JSON.parse(read("ctrf.json"));
    const result = validate(report);
    assert.ok(result.valid, JSON.stringify(result.errors));
    const { summary, tests } = report.results;
    assert.deepEqual(
        [summary.tests, summary.passed, summary.failed, summary.other, summary.skipped],
        [run.results.length + flaws, passed, number("fail") + flaws, unclear, aside + known],
    );
    for (const status of ["passed", "failed", "other", "skipped"]) {
        assert.equal(tests.filter((test) => test.status === status).length, summary[status], status);
    }
}

async function tap() {
    const { Parser } = require("tap-parser");
    const seen = await new Promise((done) => {
        const parser = new Parser({ strict: true }, done);
        parser.end(read("run.tap"));
    });
    assert.deepEqual(
        [seen.count, seen.todo, seen.skip, seen.plan.end],
        [run.results.length + flaws, number("warn") + known, aside, run.results.length + flaws],
    );
    assert.equal(seen.failures.filter((failure) => failure.tapError).length, 0, JSON.stringify(seen.failures));
    assert.equal(seen.ok, number("fail") + flaws + unclear === 0);
}

async function junit(name) {
    const { parse } = await import(require.resolve("junit2json"));
    const { testsuite } = await parse(read(name));
    const cases = testsuite.flatMap((suite) => suite.testcase);
    const having = (kind) => cases.filter((it) => it[kind] !== undefined).length;
    assert.deepEqual(
        [cases.length, having("failure"), having("error"), having("skipped")],
        [run.results.length + flaws, number("fail") + flaws, unclear, aside + known],
    );
}

(async () => {
    await ctrf();
    await tap();
    await junit("junit.xml");
    await junit("junit-gitlab.xml");
})().catch((error) => {
    console.error(error);
    process.exit(1);
});
