// Naive: exec does it all.
import { exec } from "node:child_process";

const started = Date.now();
exec(process.argv[2], (error, stdout) => {
  const seconds = Math.floor((Date.now() - started) / 1000);
  console.log(`exit ${error?.code ?? 0}, ${stdout.length} characters, ${seconds} s`);
});
