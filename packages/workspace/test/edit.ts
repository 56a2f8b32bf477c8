/** A process that edits one file, for tests of what a user or a kill does to it: `edit.ts ROOT PATH OLD NEW`. */
import { openWorkspace, readTextPage, replaceText } from "../src/index.ts";

const [, , root, path = "", oldText = "", newText = ""] = process.argv;
const workspace = await openWorkspace(root);
await readTextPage(workspace, path);
await replaceText(workspace, path, oldText, newText).then(
  () => console.log("edited"),
  (error: Error) => console.log(error.message),
);
