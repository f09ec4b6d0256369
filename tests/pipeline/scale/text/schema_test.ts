import assert from "node:assert/strict";
import { timeReading } from "../../../../pipeline/scale/stages/schema_sql.ts";
import { DATES } from "../../../../pipeline/times/timestamps.ts";

const facts = (given: Record<string, number>) => ({
  present: 0,
  whole: 0,
  number: 0,
  integral: 0,
  ...Object.fromEntries(DATES.map((_, i) => [`date${i}`, 0])),
  ...given,
});

Deno.test("times: the first way that reads all of them, else the one that reads most", () => {
  const reading = (given: Record<string, number>) => timeReading(facts(given), "text");
  assert.deepEqual(reading({ present: 9, whole: 9, number: 9, integral: 9 }), { kind: "whole" });
  assert.deepEqual(reading({ present: 9, whole: 8, number: 9, integral: 9 }), {
    kind: "number",
    whole: true,
  });
  assert.deepEqual(reading({ present: 9, number: 9, integral: 8 }), { kind: "number", whole: false });
  assert.deepEqual(reading({ present: 9, date1: 5, date3: 7 }), { kind: "date", date: DATES[3] });
  // One word among numbers does not change how they are read.
  assert.deepEqual(reading({ present: 9, whole: 8, number: 8, integral: 8 }), { kind: "whole" });
  assert.deepEqual(reading({ present: 9, whole: 7, number: 8, integral: 8 }), {
    kind: "number",
    whole: true,
  });
  assert.deepEqual(reading({ present: 9, whole: 7, number: 8, integral: 7 }), {
    kind: "number",
    whole: false,
  });
});

Deno.test("times: a source's own numbers are not read as text", () => {
  assert.deepEqual(timeReading(facts({ present: 3 }), "whole"), { kind: "whole" });
  assert.deepEqual(timeReading(facts({ present: 3, number: 3, integral: 3 }), "number"), {
    kind: "number",
    whole: true,
  });
});

Deno.test("times: other ways are asked for only where some time is no whole number", () => {
  assert.deepEqual(timeReading({ present: 9, whole: 9 }, "text"), { kind: "whole" });
  assert.equal(timeReading({ present: 9, whole: 8 }, "text"), undefined);
  assert.equal(timeReading({ present: 9, whole: 0 }, "number"), undefined);
});
