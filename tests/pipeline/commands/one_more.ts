/**
 * Preloaded into a command: it knows one data set more, `tiny`, which a server of a test has. `AUTOMLP_TEST_URL` and
 * `AUTOMLP_TEST_SHA256` say where it is, and what it is to be.
 */
import { type DatasetEntry, DATASETS } from "../../../pipeline/readers/known/registry.ts";
import { entry } from "../readers/known/tiny.ts";

const [url, sha256] = ["URL", "SHA256"].map((name) => Deno.env.get(`AUTOMLP_TEST_${name}`)!);
(DATASETS as DatasetEntry[]).push(entry(url, { checksum: { sha256, publisher: "the test" } }));
