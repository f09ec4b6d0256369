import assert from "node:assert/strict";
import { join } from "node:path";
import { gitCommit, programCommit } from "../../../model/experiment/begin.ts";
import { withFolder } from "../../folders.ts";

const COMMIT = "1a55f0f2".repeat(5), OTHER = "0b1c2d3e".repeat(5);

/** Writes files below a folder, by path. */
function write(dir: string, files: Record<string, string>) {
  for (const [path, text] of Object.entries(files)) {
    Deno.mkdirSync(join(dir, path, ".."), { recursive: true });
    Deno.writeTextFileSync(join(dir, path), text);
  }
}

Deno.test("the commit of a checkout: of a branch, packed or not, of a commit itself, from a folder in it", () =>
  withFolder((dir) => {
    write(dir, { ".git/HEAD": "ref: refs/heads/main\n", "deep/er/file": "" });
    assert.equal(gitCommit(dir), undefined, "no commit yet");
    write(dir, {
      ".git/packed-refs":
        `# pack-refs with: peeled\n${OTHER} refs/heads/maintenance\n${COMMIT} refs/heads/main\n`,
    });
    assert.equal(gitCommit(join(dir, "deep", "er")), COMMIT);
    write(dir, { ".git/refs/heads/main": `${OTHER}\n` });
    assert.equal(gitCommit(dir), OTHER, "the branch's own file is newer");
    write(dir, { ".git/HEAD": `${COMMIT}\n` });
    assert.equal(gitCommit(dir), COMMIT);
  }));

Deno.test("the commit of a worktree, whose branches lie in the repository", () =>
  withFolder((dir) => {
    const git = join(dir, "repo", ".git");
    write(dir, {
      "work/.git": `gitdir: ${join(git, "worktrees", "work")}\n`,
      "repo/.git/HEAD": `${OTHER}\n`,
      "repo/.git/worktrees/work/HEAD": "ref: refs/heads/topic/one\n",
      "repo/.git/worktrees/work/commondir": "../..\n",
      "repo/.git/refs/heads/topic/one": `${COMMIT}\n`,
    });
    assert.equal(gitCommit(join(dir, "work")), COMMIT);
  }));

Deno.test("no commit where there is no checkout, or one that is not understood", () =>
  withFolder((dir) => {
    assert.equal(gitCommit(dir), undefined);
    write(dir, { ".git/HEAD": "ref: ../../secret\n", "secret": COMMIT });
    assert.equal(gitCommit(dir), undefined);
    write(dir, { ".git/HEAD": "ref: refs/heads/.invalid\n" });
    assert.equal(gitCommit(dir), undefined);
  }));

Deno.test({
  name: "no commit, and no question, where nothing may be read",
  permissions: { read: false },
  fn: () => assert.equal(gitCommit(), undefined),
});

Deno.test("the commit of the program is that of its own clone, not of a checkout that it lies in as a package", () =>
  withFolder((dir) => {
    write(dir, { ".git/HEAD": `${COMMIT}\n`, "node_modules/automlp/mod.ts": "" });
    assert.equal(programCommit(dir), COMMIT);
    assert.equal(gitCommit(join(dir, "node_modules/automlp")), COMMIT);
    assert.equal(programCommit(join(dir, "node_modules/automlp")), undefined);
    assert.equal(programCommit(join(dir, "none")), undefined);
  }));
