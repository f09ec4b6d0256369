import assert from "node:assert/strict";
import {
  checkInterrupt,
  didYouMean,
  hideStacks,
  InputError,
  Interrupted,
  meantName,
  RunError,
  shownMessage,
} from "../../../pipeline/contract/errors.ts";
import { EVIL, SEEN } from "../../unseen.ts";

Deno.test("a message stays as it is, and is shown in one line in which nothing is hidden", () => {
  const error = new InputError(`no item ${EVIL}\nat all`);
  assert.equal(error.message, `no item ${EVIL}\nat all`);
  assert.equal(shownMessage(error), `no item ${SEEN}\\nat all`);
  assert.equal(shownMessage(new RunError(`pip said\n${EVIL}`)), `pip said\n${SEEN}`);
});

Deno.test("an error does not repeat the password of an address: it goes into logs", () => {
  const message = new InputError("Cannot read https://ann:hush@host/log.csv: it is an address").message;
  assert.equal(message, "Cannot read https://…@host/log.csv: it is an address");
});

Deno.test("by what work was stopped is its error's cause: a time that is up is told from a user", async () => {
  const signal = AbortSignal.timeout(1);
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
  assert.throws(() => checkInterrupt(signal, "searching"), (error) => {
    assert.ok(error instanceof Interrupted && error.cause === signal.reason);
    assert.equal(signal.reason.name, "TimeoutError");
    assert.equal(error.message, "Stopped while searching; nothing half-written was left behind");
    return true;
  });
});

Deno.test("a notebook is shown the same line for a stack", () => {
  let shown = 0;
  hideStacks(() => shown++);
  assert.equal(new InputError(`no item ${EVIL}`).stack, `InputError: no item ${SEEN}`);
  assert.equal(shown, 1);
});

Deno.test("a name of other programs leads to ours: by the word that both have, where one alone has it", () => {
  const known = [
    "rate",
    "epochs",
    "dim",
    "hidden",
    "batchSize",
    "embeddedFeatures",
    "evalNegatives",
    "trainNegatives",
  ];
  const meant = (name: string) => meantName(name, known);
  assert.deepEqual(
    ["learning_rate", "learningRate", "embedding-dim", "hiddenSize", "features", "max_epochs"].map(meant),
    ["rate", "rate", "dim", "hidden", "embeddedFeatures", "epochs"],
  );
  assert.deepEqual(["negatives", "lr", "verbose", "moderate"].map(meant), Array(4).fill(undefined));
  assert.equal(didYouMean("learningRate", known), ' (did you mean "rate"?)');
});
