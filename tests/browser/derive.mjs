// Makes of one stored run others: each hostile string in every place that a target reaches, and ten thousand cases.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const [, , from, folder] = process.argv;
const run = JSON.parse(readFileSync(from, "utf8"));
const write = (name, value) => writeFileSync(path.join(folder, name), JSON.stringify(value));

const HOSTILE = [
  "<script>globalThis.hostile = 1</script>",
  "</script><script>globalThis.hostile = 1</script><!--<script>",
  "</style></pre></details></article></template></main><img src=x onerror=\"globalThis.hostile = 1\">",
  "\" autofocus onfocus=\"globalThis.hostile = 1\" x='",
  "' onmouseover='globalThis.hostile = 1",
  "javascript:globalThis.hostile=1",
  "\u202etxt.exe\u2066\u200f שלום \u2069",
  "nul \u0000 bell \u0007 \u001b[2J\u001b[31m \u001b]8;;https://evil.example\u001b\\ \u009b31m",
  "{\"a\":\"\\ud800\",\"b\":[\"\\udfff</pre><img src=x>\"]}",
  "$['</mark><img src=x>'][0] is header <b> at byte 99999999999999999999",
  "<svg onload=globalThis.hostile=1><math><base href=https://evil.example/><link rel=stylesheet href=//evil.example>",
  "<b>&\"'".repeat(50_000),
];

const spoil = (text) => {
  const spoiled = structuredClone(run);
  const wanted = (result) => ["fail", "inconclusive"].includes(result.verdict);
  const failing = spoiled.results.filter(wanted).slice(0, 12);
  const others = spoiled.results.filter((result) => !wanted(result));
  spoiled.results = [...failing, ...others.filter((result) => result.verdict === "pass").slice(0, 6),
    ...others.filter((result) => result.verdict !== "pass").slice(0, 6)];
  spoiled.target = { ...spoiled.target, name: text, base_url: text, claims: [text] };
  for (const result of spoiled.results) {
    Object.assign(result, { purpose: text, reason: { kind: "case-error", cause: text } });
    for (const finding of result.findings) Object.assign(finding, { message: text, expected: { text }, actual: { text: `${text}!` } });
    for (const exchange of result.exchanges) {
      const body = { text, bytes: text.length, cut: false };
      exchange.url = `https://target.example/${text}`;
      exchange.response_headers.push([text, text]);
      Object.assign(exchange, { request_body: body, response_body: body, response_trailing: body });
    }
  }
  return spoiled;
};

write("hostile.json", HOSTILE.map((text) => text.slice(0, 200)));
HOSTILE.forEach((text, at) => write(`hostile-${at}.json`, spoil(text)));

// One case in fifty fails, with bodies of 30 KB; of the others as much is stored as a run stores.
const member = (number) => `"member${number}":"<value> & ${number}"`;
const long = `{${Array.from({ length: 1_000 }, (_, number) => member(number)).join(",")}}`;
const failing = run.results.filter((result) => result.verdict === "fail" && result.exchanges.length > 0);
const passing = run.results.filter((result) => result.verdict === "pass" && result.exchanges.length > 0);
const results = Array.from({ length: 10_000 }, (_, number) => {
  const samples = number % 50 === 0 ? failing : passing;
  const sample = structuredClone(samples[number % samples.length]);
  sample.id = `${sample.id.split("[")[0]}[n=${number}]`;
  sample.started_ms = number * 20;
  sample.exchanges = sample.exchanges.slice(0, 3);
  for (const exchange of sample.exchanges) {
    const text = number % 50 === 0 ? long : long.slice(0, 512);
    exchange.response_body = { text, bytes: long.length, cut: text !== long };
  }
  return sample;
});
write("large.json", { ...run, results, counts: { ...run.counts, pass: 9_800, fail: 200 } });
