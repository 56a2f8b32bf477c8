import { join } from "node:path";
import { writeFiles } from "@eightfold/workspace/test/temp-workspace";
import { type Attack, config, driver, hook, mergeCommit, sign } from "./corpus-settings-attack.ts";

/** Settings by which git runs a program, reads or writes a file. */
export const programs: readonly Attack[] = [
  ["core.fsmonitor", config(({ trap }) => ({ "core.fsmonitor": trap }))],
  [
    "core.fsmonitor of version 2",
    config(({ trap }) => ({ "core.fsmonitor": trap, "core.fsmonitorHookVersion": "2" })),
  ],
  ["the file system monitor of git itself", config(() => ({ "core.fsmonitor": "true" }))],
  ["diff.external", config(({ trap }) => ({ "diff.external": trap }))],
  ["diff.x.command", driver("* diff=x\n", (trap) => ({ "diff.x.command": trap }))],
  ["diff.x.textconv", driver("* diff=x\n", (trap) => ({ "diff.x.textconv": trap }))],
  [
    "diff.x.textconv, kept",
    driver("* diff=x\n", (trap) => ({ "diff.x.textconv": trap, "diff.x.cachetextconv": "true" })),
  ],
  ["diff.a=b.c.textconv", driver("* diff=a=b.c\n", (trap) => ({ "diff.a=b.c.textconv": trap }))],
  [
    "filter.x.clean",
    driver("* filter=x\n", (trap) => ({ "filter.x.clean": trap, "filter.x.required": "true" })),
  ],
  ["filter.x.smudge", driver("* filter=x\n", (trap) => ({ "filter.x.smudge": trap }))],
  ["filter.x.process", driver("* filter=x\n", (trap) => ({ "filter.x.process": trap }))],
  [
    "filter.lfs.clean",
    driver("* filter=lfs\n", (trap) => ({ "filter.lfs.clean": trap, "filter.lfs.process": trap })),
  ],
  ["filter.a=b.c.clean", driver("* filter=a=b.c\n", (trap) => ({ "filter.a=b.c.clean": trap }))],
  [
    "core.attributesFile",
    async (target) => {
      await writeFiles(target.root, { attributes: "* filter=x diff=x\n" });
      await config(({ trap, root }) => ({
        "core.attributesFile": join(root, "attributes"),
        "filter.x.clean": trap,
        "diff.x.textconv": trap,
      }))(target);
    },
  ],
  [
    "merge.x.driver",
    async (target) => {
      await mergeCommit(target);
      await driver("* merge=x\n", (trap) => ({ "merge.x.driver": trap, "log.diffMerges": "remerge" }))(
        target,
      );
    },
  ],
  [
    "alias.status",
    config(({ trap }) => ({ "alias.status": `!${trap}`, "alias.lg": `!${trap}`, "alias.st": `!${trap}` })),
  ],
  [
    "gpg.program, with log.showSignature",
    async (target) => {
      await sign(target);
      await config(({ trap }) => ({
        "log.showSignature": "true",
        "gpg.program": trap,
        "gpg.openpgp.program": trap,
      }))(target);
    },
  ],
  [
    "gpg.program, with format.pretty",
    async (target) => {
      await sign(target);
      await config(({ trap }) => ({ "format.pretty": "%h %G? %GS", "gpg.program": trap }))(target);
    },
  ],
  [
    "gpg.program, with a pretty format of a usual name",
    async (target) => {
      await sign(target);
      await config(({ trap }) => ({ "pretty.oneline": "%G?", "pretty.h": "%G?", "gpg.program": trap }))(
        target,
      );
    },
  ],
  [
    "gpg.program, with names sorted by their signatures",
    async (target) => {
      await sign(target);
      await config(({ trap }) => ({
        "branch.sort": "signature",
        "tag.sort": "signature",
        "gpg.program": trap,
      }))(target);
    },
  ],
  ["hooks", (target) => hook(target, ".git/hooks")],
  [
    "core.hooksPath",
    async (target) => {
      await hook(target, "hooks");
      await config(() => ({ "core.hooksPath": "hooks" }))(target);
    },
  ],
];
