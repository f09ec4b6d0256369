/** What a report says about the cost of a run, and about the machine. */
import assert from "node:assert/strict";
import { costNotes, machineNote } from "../../../model/views/report.ts";
import { finished } from "../report/example.ts";

Deno.test("what the search saved is said where one was made, by gradients, among several lengths", () => {
  const { architecture, run } = finished,
    said = /^Training each of the 4 candidate lengths as long as this one would/;
  const notes = (change: object, times: object = {}) =>
    costNotes({
      ...finished,
      insights: undefined,
      architecture: { ...architecture!, ...change },
      run: { ...run, times: { ...run.times, search: 60, retrain: 120, ...times } },
    });
  assert.match(notes({}).join(), said);
  assert.match(notes({})[0], /about 8:00; the search took 1:00\.$/);
  assert.deepEqual(notes({ method: "given" }), []);
  assert.deepEqual(notes({ method: "exhaustive" }), []);
  assert.deepEqual(notes({ lengths: [5] }), []);
  assert.deepEqual(notes({}, { search: 0 }), []);
  assert.deepEqual(notes({}, { retrain: 0 }), []);
});

Deno.test("what it ran on: the machine, where the run has it on record", () => {
  const of = (machine?: object) =>
    machineNote({ ...finished, run: { ...finished.run, machine } } as typeof finished);
  assert.match(of(undefined), / engine \([^,]*(, [^,]*)*\)\.$/);
  assert.match(of({ system: "linux x86_64", cores: 2 }), /, on linux x86_64 with 2 cores\.$/);
  assert.match(of({ system: "linux x86_64", cores: 2, memoryBytes: 8e9 }), / cores and 8 GB of memory\.$/);
});
