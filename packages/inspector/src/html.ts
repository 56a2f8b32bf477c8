/** The page as a document: one that asks a server for its trace, or one that holds it. */
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { PageCode } from "./page.ts";

/** A document that asks for the trace at its own address, and may ask for nothing else. */
export function servedHtml(code: PageCode): string {
  return html(code, "connect-src 'self'", "");
}

/** One self-contained file: it asks for nothing, and runs no script but its own. */
export async function standaloneHtml(code: PageCode, trace: string): Promise<string> {
  const packed = await promisify(gzip)(trace, { level: 9 });
  return html(code, "", `<script id="trace" type="text/plain">${packed.toString("base64")}</script>\n`);
}

function html({ script, style }: PageCode, connect: string, data: string): string {
  const code = script.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
  const hash = createHash("sha256").update(code).digest("base64");
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "style-src 'unsafe-inline'",
    "img-src data:", // the icon, which is none
    "base-uri 'none'",
    "form-action 'none'",
    ...(connect ? [connect] : []),
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>Eightfold trace</title>
<style>${style.replaceAll("</style", "<\\/style")}</style>
</head>
<body>
<div id="page"></div>
${data}<script type="module">${code}</script>
</body>
</html>
`;
}
