/** A package's files, fetched and unpacked: completely or not at all, and existing files are not fetched again. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { hashOf } from "../../../../pipeline/contract/files/hash.ts";
import { layDown } from "../../../../pipeline/terminal/published/lay_down.ts";
import { withFolder } from "../../../folders.ts";

Deno.test.sanitizer({ ops: true, resources: true });

const FILES: Record<string, string> = { "deno.json": "{}\n", "pipeline/terminal/automlp.ts": "run();\n" };
const checksum = (text: string) => `sha256-${hashOf(text)}`;
const manifestOf = (files: Record<string, string>) =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`/${path}`, { checksum: checksum(text) }]));

/** A registry with one version, which sends the files in `sent`. */
async function withVersion(
  manifest: object,
  sent: Record<string, string>,
  test: (base: URL, asked: string[]) => Promise<void>,
) {
  const asked: string[] = [];
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    asked.push(pathname);
    if (pathname === "/@a/b/1.0.0_meta.json") return Response.json({ manifest });
    const text = sent[pathname.slice("/@a/b/1.0.0/".length)];
    return text === undefined ? new Response("", { status: 404 }) : new Response(text);
  });
  await test(new URL(`http://127.0.0.1:${server.addr.port}/@a/b/1.0.0/`), asked);
}

Deno.test("all files are laid down, then the one that says so; what is there already is not fetched again", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "1.0.0"), last = "pipeline/terminal/automlp.ts";
    const { [last]: _, ...cut } = FILES;
    await withVersion(manifestOf(FILES), cut, async (base) => {
      await assert.rejects(
        layDown(base, folder, "whole.json"),
        new RegExp(`^RunError: Cannot fetch ${base}${last}: it answered 404; automlp needs its files`),
      );
      assert.throws(() => Deno.statSync(join(folder, "whole.json")), Deno.errors.NotFound);
    });
    await withVersion(manifestOf(FILES), FILES, async (base, asked) => {
      await layDown(base, folder, "whole.json");
      assert.deepEqual(asked, ["/@a/b/1.0.0_meta.json", `/@a/b/1.0.0/${last}`]);
      for (const [path, text] of Object.entries(FILES)) {
        assert.equal(Deno.readTextFileSync(join(folder, path)), text);
      }
      assert.deepEqual(JSON.parse(Deno.readTextFileSync(join(folder, "whole.json"))), {
        from: base.href,
        files: 2,
      });
    });
  }));

Deno.test("what is not as the registry lists it is refused, and so is a list that leads out of the folder", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "1.0.0");
    await withVersion(manifestOf(FILES), { ...FILES, "deno.json": '{ "a": 1 }' }, (base) =>
      assert.rejects(
        layDown(base, folder, "whole.json"),
        /deno\.json is not what the registry lists; run it again$/,
      ));
    const { checksum } = manifestOf(FILES)["/deno.json"];
    const lists = [
      {},
      ...["/../a.ts", "/a/../../b.ts", "/a//b.ts", "a.ts", "/", "/a/.", "/c\\..\\d"].map((path) => ({
        [path]: { checksum },
      })),
      { "/deno.json": {} },
      { "/deno.json": { checksum: "md5-1" } },
    ];
    for (const list of lists) {
      await withVersion(list, FILES, async (base, asked) => {
        await assert.rejects(
          layDown(base, join(dir, "other"), "whole.json"),
          /_meta\.json does not list a package's files; install it from a clone$/,
          JSON.stringify(list),
        );
        assert.equal(asked.length, 1);
      });
    }
    assert.deepEqual(Array.from(Deno.readDirSync(dir), ({ name }) => name), ["1.0.0"]);
  }));

Deno.test("where the registry cannot be reached, or says something else, one line says so", () =>
  withFolder(async (dir) => {
    const base = new URL("http://127.0.0.1:9/@a/b/1.0.0/");
    await assert.rejects(
      layDown(base, dir, "whole.json"),
      /^RunError: Cannot fetch http:\/\/127\.0\.0\.1:9\/@a\/b\/1\.0\.0_meta\.json: [^\n]+; automlp needs its files on the disk, once$/,
    );
  }));
