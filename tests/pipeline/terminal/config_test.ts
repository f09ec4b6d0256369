import assert from "node:assert/strict";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../../pipeline/contract/errors.ts";
import { checkConfig, commandOptions, readConfigFile } from "../../../pipeline/terminal/config.ts";
import { withFolder } from "../../folders.ts";

const schema = z.strictObject({
  tea: z.enum(["green", "black"]).default("black"),
  maxMinutes: z.number().positive(),
  addIn: z.array(z.string()).optional(),
});

const refused = (says: string | RegExp) => (error: unknown) => {
  assert(error instanceof InputError);
  assert(!error.message.includes("\n"), "one line");
  if (typeof says === "string") assert.equal(error.message, says);
  else assert.match(error.message, says);
  return true;
};

/** Writes `text` to a configuration file and passes its path to the test. */
const withFile = (text: string, test: (path: string) => void | Promise<void>) =>
  withFolder(async (dir) => {
    const path = join(dir, "run.yaml");
    Deno.writeTextFileSync(path, text);
    await test(path);
  });

Deno.test("defaults are filled in", () => {
  assert.deepEqual(checkConfig(schema, { maxMinutes: 3 }), { tea: "black", maxMinutes: 3 });
});

Deno.test("an unknown key is named with the nearest, as an option or as a key of its file", () => {
  const values = { maxMinute: 3 };
  const near = '(did you mean "maxMinutes"?)';
  assert.throws(() => checkConfig(schema.partial(), values), refused(`Unknown option "maxMinute" ${near}`));
  assert.throws(
    () => checkConfig(schema.partial(), values, "run.yaml"),
    refused(`Unknown key "maxMinute" in run.yaml ${near}`),
  );
});

Deno.test("a value that does not fit is named as a flag, or as a key of its file", () => {
  const values = { maxMinutes: -3 };
  assert.throws(() => checkConfig(schema, values), refused(/^Option --max-minutes does not fit: give a /));
  assert.throws(
    () => checkConfig(schema, values, "run.yaml"),
    refused(/^Key "maxMinutes" in run\.yaml does not fit: give a /),
  );
});

Deno.test("a list written as on a command line is refused, with the list that is meant", () => {
  const lists = z.strictObject({
    events: z.union([z.string(), z.array(z.string())]).optional(),
    kinds: z.array(z.enum(["green", "black"])).optional(),
    columns: z.union([z.string(), z.array(z.string())]).optional().meta({ keys: ["user"] }),
    data: z.union([z.string(), z.array(z.string())]).optional().meta({ title: "FILE" }),
    note: z.string().optional(),
  });
  const refuses = (values: Record<string, unknown>, says: string, file?: string) =>
    assert.throws(() => checkConfig(lists, values, file), refused(says));
  refuses(
    { events: "view, buy" },
    'Key "events" in run.yaml does not fit: "view, buy" is one value; give a list, as in [view, buy], or ["view, buy"] if the comma belongs to the value',
    "run.yaml",
  );
  refuses(
    { columns: "user=visitor,item=the sku" },
    'Key "columns" in run.yaml does not fit: "user=visitor,item=the sku" is one value; give a list, as in [user=visitor, "item=the sku"]',
    "run.yaml",
  );
  refuses(
    { kinds: "green,black" },
    'Option --kinds does not fit: "green,black" is one value; give a list, as in ["green", "black"]',
  );
  const fits = { data: "a,b.csv", note: "with milk, no sugar", events: "tags:multi:," };
  assert.deepEqual(checkConfig(lists, fits, "run.yaml"), fits);
  assert.deepEqual(checkConfig(lists, { events: ["view, buy"] }), { events: ["view, buy"] });
});

Deno.test("a word in a list that YAML reads as nothing is to be quoted", () =>
  withFile("tea: green\nmaxMinutes: 1\naddIn: [milk, NULL]\n", async (path) => {
    await assert.rejects(
      commandOptions(schema, path, {}),
      refused(
        /the 2nd value: give text; YAML reads NULL, null and ~ as nothing: put .* quotes, as in "NULL"$/,
      ),
    );
  }));

Deno.test("flags override the file, the file the defaults", () =>
  withFile("# tea for two\ntea: green\nmaxMinutes: 3\naddIn: [milk]\n", async (path) => {
    assert.deepEqual(await commandOptions(schema, path, {}), {
      tea: "green",
      maxMinutes: 3,
      addIn: ["milk"],
    });
    assert.deepEqual(await commandOptions(schema, path, { tea: "black", maxMinutes: 5 }), {
      tea: "black",
      maxMinutes: 5,
      addIn: ["milk"],
    });
    assert.deepEqual(await commandOptions(schema, undefined, { maxMinutes: 5 }), {
      tea: "black",
      maxMinutes: 5,
    });
  }));

Deno.test("a mistake in the file is said to be there, even if a flag overrides it", () =>
  withFile("maxMinutes: soon\n", async (path) => {
    await assert.rejects(
      commandOptions(schema, path, { maxMinutes: 5 }),
      refused(new RegExp(`^Key "maxMinutes" in ${path.replaceAll(".", "\\.")} does not fit`)),
    );
  }));

Deno.test("what is wrong is named where it is: a flag as an option, a key as one of the file", () =>
  withFile("addIn: [milk]\nmaxMinutes: 3\nsugar: 2\n", async (path) => {
    const given = (flags: Record<string, unknown>) => commandOptions(schema, path, flags);
    await assert.rejects(given({}), refused(`Unknown key "sugar" in ${path}`));
    await assert.rejects(given({ maxMinutes: -1 }), refused(/^Option --max-minutes does not fit/));
  }));

Deno.test("JSON is YAML; an empty file says nothing", async () => {
  await withFile(
    '{"tea": "green"}',
    async (path) => assert.deepEqual(await readConfigFile(path), { tea: "green" }),
  );
  await withFile("# nothing yet\n", async (path) => assert.deepEqual(await readConfigFile(path), {}));
});

Deno.test("a file that is no mapping, no YAML or not there is refused in one line", async () => {
  await withFile("- tea\n", (path) =>
    assert.rejects(
      readConfigFile(path),
      refused(`Cannot read the configuration ${path}: it must be a mapping such as "minUser: 10"`),
    ));
  await withFile("tea: [\n", async (path) => {
    await assert.rejects(
      readConfigFile(path),
      refused(/^Cannot read the configuration .*run\.yaml: .*line 2/),
    );
  });
  await withFile("tea: green\ntea: black\n", async (path) => {
    await assert.rejects(readConfigFile(path), refused(/unique/));
  });
  await assert.rejects(readConfigFile("nowhere.yaml"), refused(/nowhere\.yaml: .*[Nn]o such file/));
});

const withBytes = (contents: string | Uint8Array, says: string | RegExp) =>
  withFolder(async (dir) => {
    const path = join(dir, "run.yaml");
    Deno.writeFileSync(path, typeof contents === "string" ? new TextEncoder().encode(contents) : contents);
    await assert.rejects(readConfigFile(path), (error: Error) => {
      error.message = error.message.replaceAll(`${dir}/`, "");
      return refused(says)(error);
    });
  });

Deno.test("files that were made to keep the reader busy are refused at once", async () => {
  const keys = Array.from({ length: 300_000 }, (_, i) => `k${i}: 1`).join("\n");
  await withBytes(
    keys,
    `Cannot read the configuration run.yaml: it has ${keys.length} bytes, and a configuration at most 65536`,
  );
  const deep = "Cannot read the configuration run.yaml: it is nested too deeply";
  for (const unit of ["[", "{a: ", "- "]) await withBytes(unit.repeat(60_000 / unit.length), deep);
  const lines = ["a: &a [x,x,x,x,x,x,x,x,x]"];
  for (const [of, name] of ["ab", "bc", "cd", "de"]) {
    lines.push(`${name}: &${name} [${Array(9).fill(`*${of}`).join()}]`);
  }
  await withBytes(
    lines.join("\n"),
    "Cannot read the configuration run.yaml: it repeats parts by aliases too often",
  );
});

Deno.test("what YAML allows and a configuration does not is refused in words", async () => {
  await withBytes(
    "tea: green\n---\ntea: black\n",
    "Cannot read the configuration run.yaml: it holds several documents (---); keep one",
  );
  await withBytes(
    "tea: !!python/object:os.system green\n",
    /^Cannot read the configuration run\.yaml: Unresolved tag/,
  );
  await withBytes(
    Uint8Array.of(0x61, 0x3a, 0x20, 0xe9),
    /^Cannot read the configuration run\.yaml: it is not UTF-8 text; save it as that, or .* iconv -f gbk -t utf-8 does/,
  );
  await withFile("__proto__:\n  tea: green\n", async (path) => {
    const values = await readConfigFile(path);
    assert.equal(Object.getPrototypeOf(values), Object.prototype);
    assert.equal(({} as { tea?: string }).tea, undefined);
    assert.throws(() => checkConfig(schema.partial(), values, path), refused(/^Unknown key "__proto__" in /));
  });
});

Deno.test("a configuration that is no regular file is refused without waiting", () =>
  withFolder(async (dir) => {
    await assert.rejects(
      readConfigFile("/dev/zero"),
      refused(/^Cannot read \/dev\/zero: it is no regular file/),
    );
    await assert.rejects(readConfigFile(dir), refused(/: it is a folder/));
    Deno.writeTextFileSync(join(dir, "run.yaml"), "");
    await assert.rejects(
      readConfigFile(join(dir, "rum.yaml")),
      refused(/no such file \(did you mean "run\.yaml"\?\)$/),
    );
  }));
