/** The page that shows a trace: built from `page/` when it is first wanted, and again when a file of it has changed. */
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface PageCode {
  readonly script: string;
  readonly style: string;
}

const packageFolder = join(import.meta.dirname, "..");
const cacheFolder = join(packageFolder, "../../node_modules/.cache/eightfold/inspector");

export async function pageCode(): Promise<PageCode> {
  const file = join(cacheFolder, `${await fingerprint()}.json`);
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    const code = await build();
    await mkdir(cacheFolder, { recursive: true });
    const unfinished = `${file}.${process.pid}`; // another command may be writing the same
    await writeFile(unfinished, JSON.stringify(code));
    await rename(unfinished, file);
    return code;
  }
}

/** Of everything that the page is made from. */
async function fingerprint(): Promise<string> {
  const { createHash } = await import("node:crypto");
  const names = await readdir(join(packageFolder, "page"), { recursive: true });
  const sources = names.filter((name) => /\.(?:ts|vue|css)$/.test(name) && !name.endsWith(".test.ts")).sort();
  const hash = createHash("sha256");
  for (const name of [
    "package.json",
    "src/page.ts",
    "src/trace.ts",
    "../trace/src/read.ts",
    ...sources.map((each) => join("page", each)),
  ]) {
    hash.update(name).update(await readFile(join(packageFolder, name)));
  }
  return hash.digest("hex").slice(0, 16);
}

/** Everything in one script and one style sheet: the page asks for nothing. */
async function build(): Promise<PageCode> {
  const [{ build }, { default: vue }] = await Promise.all([import("vite"), import("@vitejs/plugin-vue")]);
  const result = await build({
    root: join(packageFolder, "page"),
    configFile: false,
    logLevel: "error",
    plugins: [vue()],
    define: {
      "process.env.NODE_ENV": '"production"',
      __VUE_OPTIONS_API__: "false",
      __VUE_PROD_DEVTOOLS__: "false",
    },
    build: {
      write: false,
      cssCodeSplit: false,
      modulePreload: false,
      rolldownOptions: { input: join(packageFolder, "page/view/main.ts"), output: { codeSplitting: false } },
    },
  });
  if (Array.isArray(result) || !("output" in result)) throw new Error("The page was not built in one piece.");
  const script = result.output.flatMap((file) => (file.type === "chunk" ? file.code : []));
  const style = result.output.flatMap((file) =>
    file.fileName.endsWith(".css") && file.type === "asset" ? file.source : [],
  );
  return { script: script.join("\n"), style: style.map(String).join("\n") };
}

// `node packages/inspector/src/page.ts`, after an install: so that the first trace opens at once.
if (process.argv[1] === import.meta.filename) {
  await pageCode().catch((error) => {
    process.stderr.write(`No page to show traces: ${error instanceof Error ? error.message : error}\n`);
  });
}
