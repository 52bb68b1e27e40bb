// Runs a command and writes the most memory it held, in KiB, into a file (Linux).
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const [, , file, command, ...args] = process.argv;
const child = spawn(command, args, { stdio: "inherit" });
let most = 0;
const look = () => {
  try {
    most = Math.max(most, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0));
  } catch {
    // It has ended.
  }
};
const watch = setInterval(look, 2);
child.on("exit", (code) => {
  clearInterval(watch);
  writeFileSync(file, String(most));
  process.exit(code ?? 1);
});
