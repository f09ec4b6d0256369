import assert from "node:assert/strict";
import { z } from "zod";
import { fillFromSchema, optionOf, optionsOf } from "../../../pipeline/terminal/schema_options.ts";

const described = { title: "VALUE", description: "what it is" };
const option = (schema: z.ZodType) => {
  const { help, value, ...rest } = optionOf(schema.meta(described));
  assert.deepEqual([help, value], ["what it is", "VALUE"]);
  return rest;
};

Deno.test("kind, choices and default of an option follow from its schema", () => {
  assert.deepEqual(option(z.string().min(1).optional()), { kind: "text" });
  assert.deepEqual(option(z.string().transform((text) => text.length)), { kind: "text" });
  assert.deepEqual(option(z.int().nonnegative().default(0)), { kind: "number", fallback: "0" });
  assert.deepEqual(option(z.boolean().default(false)), { kind: "flag" });
  assert.deepEqual(option(z.literal([1, 2]).default(1)), { kind: "number", fallback: "1" });
  assert.deepEqual(option(z.literal("all")), { kind: "text" });
  const words = z.enum(["once", "often"]);
  assert.deepEqual(option(words.default("once")), {
    kind: "text",
    choices: ["once", "often"],
    fallback: "once",
  });
  assert.deepEqual(option(z.array(words).min(1).default(["once", "often"])), {
    kind: "list",
    choices: ["once", "often"],
    fallback: "once,often",
  });
  const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
  assert.deepEqual(option(texts.optional()), { kind: "list" });
  const whole = texts.optional().meta({ whole: true });
  assert.deepEqual(optionOf(whole), { kind: "list", help: "", whole: true });
});

Deno.test("what holds where there is no default is said in words", () => {
  assert.deepEqual(
    optionOf(z.string().optional().meta({ description: "the tea", fallback: "what is there" })),
    {
      kind: "text",
      help: "the tea",
      fallback: "what is there",
    },
  );
});

Deno.test("groups keep their titles and their order", () => {
  const groups = optionsOf({ Tea: { minutes: z.number().meta(described) }, Cup: { size: z.string() } });
  assert.deepEqual(Object.keys(groups), ["Tea", "Cup"]);
  assert.equal(groups.Tea.minutes.kind, "number");
  assert.deepEqual(groups.Cup.size, { kind: "text", help: "" });
});

Deno.test("choices and default of a flag are those of its schema, also where a default was replaced", () => {
  const words = z.enum(["ce", "bce"]).default("ce").default("bce");
  const { Loss: { loss } } = fillFromSchema({ loss: words }, {
    Loss: { loss: { kind: "text", help: "loss" } },
  });
  assert.deepEqual(loss, { kind: "text", help: "loss", choices: ["ce", "bce"], fallback: "bce" });
});
