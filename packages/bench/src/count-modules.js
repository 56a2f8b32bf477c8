// Loaded before a program: tells on file descriptor 3 which files of this repository it has loaded when it ends.
import { writeSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

const root = new URL("../../../", import.meta.url).href;
const bundlesOfRooms = `${root}node_modules/.cache/eightfold/rooms/`;
const loaded = new Set();
registerHooks({
  load(url, context, next) {
    if (url.startsWith(bundlesOfRooms) || (url.startsWith(root) && !url.includes("/node_modules/")))
      loaded.add(fileURLToPath(url));
    return next(url, context);
  },
});
process.on("exit", () => writeSync(3, JSON.stringify([...loaded])));
