import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import pl from "nodejs-polars";
import { encodeFeatures, inferFeatures } from "../../../pipeline/features.ts";
import { hasShared, sharedData } from "../../paths.ts";
import { lists } from "./items.ts";

const MOVIES = "ml-1m/movies.dat.gz", ATTRIBUTES = "amazon-beauty/item_attributes_5core.json.gz";
const gunzip = (path: string, encoding: string) =>
  new TextDecoder(encoding).decode(gunzipSync(Deno.readFileSync(sharedData + path)));

Deno.test({
  name: "real data: MovieLens-1M has 18 genres, and titles are left out",
  ignore: !hasShared(MOVIES),
  fn() {
    const fields = gunzip(MOVIES, "latin1").trim().split("\n").map((line) => line.trimEnd().split("::"));
    const items = pl.DataFrame(
      ["id", "title", "genres"].map((name, i) => pl.Series(name, fields.map((field) => field[i]), pl.String)),
    );
    const specs = inferFeatures(items);
    assert.deepEqual(specs.map(({ kind }) => kind), ["text", "multi"]);
    const { features, vocabulary, frame } = encodeFeatures(items, specs);
    assert.deepEqual(features.map(({ name, values, missing }) => [name, values, missing]), [[
      "genres",
      18,
      0,
    ]]);
    const words = vocabulary.getColumn("value").toArray();
    assert.deepEqual([words[0], words[17]], ["Action", "Western"]);
    assert.deepEqual(lists(frame, "genres_codes")[0].map((code) => words[code - 1]), [
      "Animation",
      "Children's",
      "Comedy",
    ]);
  },
});

Deno.test({
  name: "real data: Amazon Beauty has 637 attributes",
  ignore: !hasShared(ATTRIBUTES),
  fn() {
    const attributes = Object.entries(JSON.parse(gunzip(ATTRIBUTES, "utf-8")) as Record<string, number[]>);
    const items = pl.DataFrame([
      pl.Series("id", attributes.map(([id]) => id), pl.String),
      pl.Series("attributes", attributes.map(([, codes]) => codes.join("|")), pl.String),
    ]);
    const specs = inferFeatures(items);
    assert.deepEqual(specs.map(({ kind }) => kind), ["multi"]);
    const { features, vocabulary, frame } = encodeFeatures(items, specs);
    assert.equal(features[0].values, 637);
    // Attributes are numbers from 1: in their canonical order, the codes are the attributes themselves.
    assert.deepEqual(
      vocabulary.getColumn("value").toArray(),
      Array.from({ length: 637 }, (_, i) => `${i + 1}`),
    );
    assert.deepEqual(
      lists(frame, "attributes_codes")[0],
      [...new Set(attributes[0][1])].sort((a, b) => a - b),
    );
  },
});
