/**
 * Preloaded into a command: it then knows one more data set, `tiny`, which a test's server has. `AUTOMLP_TEST_URL` and
 * `AUTOMLP_TEST_SHA256` give its address and its checksum.
 */
import { type DatasetEntry, DATASETS } from "../../../pipeline/readers/known/registry.ts";
import { entry } from "../readers/known/tiny.ts";

const [url, sha256] = ["URL", "SHA256"].map((name) => Deno.env.get(`AUTOMLP_TEST_${name}`)!);
(DATASETS as DatasetEntry[]).push(entry(url, { checksum: { sha256, publisher: "the test" } }));
