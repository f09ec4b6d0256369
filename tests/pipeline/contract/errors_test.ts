import assert from "node:assert/strict";
import {
  didYouMean,
  hideStacks,
  InputError,
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
