import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { linesIn, type Phase, readPhases } from "../phases.ts";
import { countSteps } from "../steps.ts";
import { readAddress } from "../theme/diff/address.ts";
import { readStepAddress } from "../theme/steps/data.ts";
import { type BuiltPage, distFolder } from "./pages.ts";
import type { Finding } from "./report.ts";

/** Every link within the site leads to a page, a heading, a file, or lines of a phase that the diff page can show. */
export function checkLinks(pages: readonly BuiltPage[]): Finding {
  const phases = readPhases();
  const anchors = new Map(pages.map(({ path, html }) => [path, idsOf(html)]));
  let count = 0;
  const wrong = pages.flatMap(({ path, html }) =>
    targetsOf(html).flatMap((target) => {
      count += 1;
      const reason = deadEnd(target, path, anchors, phases);
      return reason ? [`${path}: ${target}: ${reason}`] : [];
    }),
  );
  return { checked: `${count} links and anchors of ${pages.length} built pages lead somewhere`, wrong };
}

function idsOf(html: string): ReadonlySet<string> {
  return new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id = ""]) => unescaped(id)));
}

/** The links within the site: an address with a protocol is not ours to check. */
function targetsOf(html: string): string[] {
  const plain = html.replaceAll(/<script[\s\S]*?<\/script>|<svg[\s\S]*?<\/svg>/g, "");
  return [...plain.matchAll(/\s(?:href|src)="([^"]*)"/g)]
    .map(([, target = ""]) => unescaped(target))
    .filter((target) => !/^[a-z]+:/.test(target));
}

function deadEnd(
  target: string,
  from: string,
  anchors: ReadonlyMap<string, ReadonlySet<string>>,
  phases: readonly Phase[],
): string | undefined {
  const [link = "", hash] = decodeURIComponent(target).split("#");
  const path = link === "" ? from : posix.resolve(posix.dirname(`${from}x`), link).replace(/\.html$/, "");
  const ids = anchors.get(path);
  const isFile = path !== "/" && [path, `${path}.html`].some((name) => existsSync(join(distFolder, name)));
  if (!ids) return isFile ? undefined : "there is no such page";
  if (hash === undefined || hash === "") return undefined;
  if (path === "/diff" && /^\d/.test(hash)) return noSuchDiff(hash, phases);
  if (path === "/steps" && /^\d/.test(hash)) {
    const address = readStepAddress(`#${hash}`);
    return address && address.step <= countSteps(address.phase) ? undefined : "there is no such step";
  }
  return ids.has(hash) ? undefined : "there is no such heading";
}

function noSuchDiff(hash: string, phases: readonly Phase[]): string | undefined {
  const address = readAddress(`#${hash}`, phases.length);
  if (!address) return "there is no such pair of phases";
  if (!address.file) return undefined;
  const filesOf = (number: number) => phases.find((phase) => phase.number === number)?.files;
  const text = filesOf(address.to)?.get(address.file);
  if (text === undefined)
    return filesOf(address.from)?.has(address.file) ? undefined : "there is no such file";
  return (address.lines?.[1] ?? 0) > linesIn(text) ? `the file has ${linesIn(text)} lines` : undefined;
}

function unescaped(text: string): string {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
