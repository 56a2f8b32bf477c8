// Naive: exec does it all.
import { exec } from "node:child_process";

exec(process.argv[2], (error, stdout) => {
  console.log(`exit ${error?.code ?? 0}, ${stdout.length} characters`);
});
