import assert from "node:assert/strict";
import { crash, Workers } from "../../../model/studies/workers.ts";
import { RunError } from "../../../pipeline/contract/errors.ts";

Deno.test("of a process that crashed the line with the error is told, without colours; else the last one", () => {
  const deno = `\x1b[33mWarning\x1b[0m Permissions are experimental.
\x1b[1m\x1b[31merror\x1b[0m: Error reading config file 'file:///deno.json'.

Caused by:
    No such file or directory (os error 2)

Stack backtrace:
   0: <unknown>
`;
  const cases: [signal: string | null, said: string, told: string][] = [
    [null, deno, "its process ended: error: Error reading config file 'file:///deno.json'."],
    [
      "SIGSEGV",
      "loading\nlast words\n\n",
      "its process ended by SIGSEGV: last words; called again, it goes on from its last epoch",
    ],
    ["SIGABRT", "", "its process ended by SIGABRT; called again, it goes on from its last epoch"],
    [
      "SIGKILL",
      deno,
      "its process was killed (SIGKILL), perhaps because there was not enough memory; called again, it goes on from its last epoch",
    ],
  ];
  for (const [signal, said, told] of cases) assert.equal(crash(signal, said), told);
});

Deno.test({
  name: "a training that the system does not let be started is an error in one line",
  ignore: Deno.build.os !== "linux", // elsewhere an argument may be longer
  fn: async () => {
    const task = {
      id: "x",
      method: "sasrec",
      options: { note: " ".repeat(1 << 20) },
      seed: 1,
      dataset: "d",
      hash: "0",
    };
    await assert.rejects(new Workers(1).train({ ...task, out: "out", command: "test" }), (error) => {
      assert(error instanceof RunError);
      assert.match(
        error.message,
        /^Cannot start a training: Argument list too long \(os error 7\); end other /,
      );
      return true;
    });
  },
});
