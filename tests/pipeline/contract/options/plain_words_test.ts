import assert from "node:assert/strict";
import { NUMBER, TEXTS } from "../../../../pipeline/contract/options/arguments.ts";
import { z } from "zod";
import { checkKnown } from "../../../../pipeline/contract/options/known.ts";
import { inPlainWords, placed } from "../../../../pipeline/contract/options/plain_words.ts";

const said = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value, { error: inPlainWords }).error?.issues[0].message;

Deno.test("what is wrong with a value says what to give, and no word of types", () => {
  assert.equal(said(z.int(), 3.5), "give a whole number");
  assert.equal(said(z.string(), undefined), "it is missing");
  assert.equal(said(z.boolean(), "x"), "give true or false");
  assert.equal(said(z.number().min(2), 1), "give a number from 2");
  assert.equal(said(z.number().positive(), 0), "give a number above 0");
  assert.equal(said(z.number().lt(1), 1), "give a number below 1");
  assert.equal(said(z.number().max(9), 10), "give a number up to 9");
  assert.equal(said(z.array(z.int()).min(1), []), "give at least 1 of them");
  assert.equal(said(z.string().min(1), ""), "it is empty");
  assert.equal(said(z.enum(["a", "b"]), "c"), "choose one of a, b");
  assert.equal(said(z.union([z.number(), z.string()]), {}), "give a number or text");
  assert.equal(
    said(z.union([z.number(), z.string().regex(/^\d+s$/, "give a time such as 30s")]), "x"),
    "give a time such as 30s",
    "of the alternatives the one that is near",
  );
  const texts = z.union([z.string(), z.array(z.string()), z.record(z.string(), z.string())]);
  assert.equal(said(texts, ["a", 3]), "the 2nd value: give text");
  assert.equal(said(texts, { user: 3 }), "user: give text");
  assert.equal(said(z.number("a size"), "x"), "a size", "a schema's own message comes first");
});

Deno.test("of a list it is said which value is wrong", () => {
  const issue = z.object({ ks: z.array(z.number().positive()) })
    .safeParse({ ks: [3, 0] }, { error: inPlainWords }).error!.issues[0];
  assert.deepEqual(placed(issue), { name: "ks", message: "the 2nd value: give a number above 0" });
});

Deno.test("options that there are not are refused, with the nearest", () => {
  checkKnown("brew", { cups: 2, signal: undefined }, { cups: NUMBER });
  checkKnown("brew", { cups: undefined, sugar: 1 }, { cups: NUMBER }, "left");
  const refused = (options: unknown, message: RegExp) =>
    assert.throws(() => checkKnown("brew", options as object, { cups: NUMBER, heat: TEXTS }), {
      name: "InputError",
      message,
    });
  refused(
    { cup: 2 },
    /^Cannot brew: there is no option cup \(did you mean "cups"\?\); the options are cups, heat$/,
  );
  refused({ cups: "2" }, /^Cannot brew: the option cups is a text; give a number$/);
  refused({ heat: null }, /^Cannot brew: the option heat is null; give a list of texts$/);
  refused({ heat: ["a", 3] }, /the option heat is a list whose value 2 is a number; give a list of texts$/);
  refused(
    { signal: true },
    /^Cannot brew: the option signal is true or false; give the signal of an AbortController$/,
  );
});
