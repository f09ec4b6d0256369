import assert from "node:assert/strict";
import { likelyUnit, writtenFormat } from "../../../pipeline/times/units.ts";

Deno.test("the unit of times is seen from how large they are; dates that were written without marks count nothing", () => {
  const units: [number, ReturnType<typeof likelyUnit>][] = [
    [19, undefined],
    [1_700_000_000, "seconds"],
    [1_700_000_000_000, "milliseconds"],
    [1.7e15, "microseconds"],
    [1.7e18, "nanoseconds"],
    [20240131, undefined],
    [202401310930, undefined],
    [20240131093059, undefined],
    [20241331093059, "milliseconds"],
  ];
  for (const [time, unit] of units) assert.equal(likelyUnit(time), unit, String(time));
  const formats: [number, string | undefined][] = [
    [20240131, "%Y%m%d"],
    [202401312359, "%Y%m%d%H%M"],
    [20240131093059, "%Y%m%d%H%M%S"],
    [20240132, undefined],
    [2024013124, undefined],
    [202401312400, undefined],
    [-20240131, undefined],
    [20240131.5, undefined],
    [2024, undefined],
  ];
  for (const [time, format] of formats) assert.equal(writtenFormat(time), format, String(time));
});
