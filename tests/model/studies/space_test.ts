import assert from "node:assert/strict";
import { jobOfCell } from "../../../model/studies/cell.ts";
import { METHODS } from "../../../model/methods/registry.ts";
import { drawPoint, gridOf } from "../../../model/studies/points.ts";
import { checkSpace, declaredSpace } from "../../../model/studies/space.ts";

Deno.test("every method declares a space, and what is drawn from it is a configuration of the method", () => {
  for (const method of METHODS) {
    const space = declaredSpace(method);
    assert("rate" in space && "dropout" in space, method);
    for (let trial = 0; trial < 20; trial++) jobOfCell({ method, options: drawPoint(space, 1, trial) });
  }
});

Deno.test("a bad space is one line", () => {
  const refused = (work: () => unknown, message: RegExp) =>
    assert.throws(work, { name: "InputError", message });
  const check = (space: Record<string, unknown>) => checkSpace("gru4rec", space, "space.yaml");
  refused(() => check({}), /the space in space.yaml is empty; name options and their values/);
  refused(
    () => check({ hiden: [1] }),
    /space.yaml names hiden, which it has not \(did you mean "hidden"\?\)/,
  );
  refused(() => check({ constructor: [1] }), /space.yaml names constructor, which it has not$/);
  for (const bad of [[], 3, { min: 2, max: 1 }, { min: 0, max: 1, scale: "log" }]) {
    refused(() => check({ hidden: bad }), /^Key "hidden.*" in space.yaml does not fit/);
  }
  refused(
    () => check({ dim: [16, -4] }),
    /space.yaml has -4 for dim, which does not fit: give a number from 1/,
  );
  refused(() => check({ dropout: { min: 0.1, max: 1 } }), /space.yaml has 1 for dropout, which does not fit/);
  refused(() => check({ rate: [0.1, 0.1] }), /space.yaml has 0.1 for rate twice; name each value once/);
  for (const hidden of [{ min: 8, max: 16 }, { min: 8, max: 9, scale: "log" }]) {
    refused(
      () => check({ hidden }),
      /space.yaml has a range for hidden, which is a whole number; add whole: true to it/,
    );
  }
  check({ hidden: { min: 8, max: 16, whole: true }, rate: { min: 1, max: 16 } });
  refused(
    () => gridOf(check({ rate: { min: 0.1, max: 1 } })),
    /Cannot lay a grid over rate: it is a range; name its values in a file for .*, as in rate: \[0\.1, 1\]$/,
  );
});

Deno.test("what trials are compared by, and what says nothing of a method, is in no space", () => {
  for (const key of ["epochs", "metric", "protocol", "keepSeen", "threads", "tensorboard"]) {
    assert.throws(() => checkSpace("sasrec", { rate: [0.1], [key]: [1, 2] }, "space.yaml"), {
      name: "InputError",
      message: `Cannot tune sasrec: space.yaml names ${key}, in which trials may not differ; leave it out`,
    });
  }
});
