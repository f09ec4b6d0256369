/** Steps of tests that may run beside others. */

/** A step of a test. Steps may run at the same time; Deno allows that only without its sanitizers. */
export const step = (
  t: Deno.TestContext,
  name: string,
  fn: (t: Deno.TestContext) => Promise<void>,
): Promise<boolean> =>
  t.step({ name, fn, sanitizeExit: false, sanitizeOps: false, sanitizeResources: false });
