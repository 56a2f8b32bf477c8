import { LLMock } from "@copilotkit/aimock";
import { expect, onTestFinished, test } from "vitest";
import { phaseSubject } from "../src/index.ts";
import { withWorkbench } from "../src/workbench.ts";

const story = "Once upon a time there was a stream that nobody cut, and it went on to its end.";

/** Without latency aimock resets the connection before the headers: that is another fault. */
const slowly = { latency: 20, chunkSize: 10 };

test.for(["responses", "chat"] as const)("%s: aimock's 429, 500 and cut stream are survived", async (api) => {
  const mock = new LLMock({ port: 0, strict: true });
  onTestFinished(() => mock.stop());
  mock
    .on({ sequenceIndex: 0 }, { content: story }, { ...slowly, chaos: { rateLimitRate: 1 } })
    .on({ sequenceIndex: 1 }, { content: story }, { ...slowly, chaos: { dropRate: 1 } })
    .on({ sequenceIndex: 2 }, { content: story }, { ...slowly, truncateAfterChunks: 7 })
    .on({ sequenceIndex: 3 }, { content: story }, slowly);
  await mock.start();

  await withWorkbench(await phaseSubject(5, api), async (bench) => {
    const ended = await bench.run(["Tell me a story."], {
      env: { OPENAI_BASE_URL: `${mock.url}/v1`, OPENAI_API: api, EIGHTFOLD_MODEL: "openai:local" },
    });
    expect(ended.code).toBe(0);
    // Ahead of it stands what had come of the cut one.
    expect(ended.stdout.split("\n\n").at(-1)).toBe(`${story}\n`);
    expect(ended.stderr).toMatch(/answered 429: .* answered 500: .* closed the connection .* Trying again/s);
  });
  const outcomes = mock
    .getRequests()
    .map(({ response: { status, interruptReason } }) => interruptReason ?? status);
  expect(outcomes).toEqual([429, 500, "truncateAfterChunks", 200]);
});
