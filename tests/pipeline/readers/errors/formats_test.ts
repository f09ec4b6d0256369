import { HEAD, unreadable } from "./cases.ts";

unreadable([
  ...['{"user":', "5", "[1]", "null", '"user"'].map((line) => ({
    what: `only JSON of another kind, or broken: ${line}`,
    name: "a.json",
    contents: `\n${line}\n${line}\n`,
    says: [line.startsWith("[") ? "one JSON array" : `line 2 is not a JSON object (${line})`],
  })),
  {
    what: "Python for JSON",
    name: "a.json",
    contents: "{'user': 1}\n",
    says: ["line 1", "looks like Python"],
  },
  {
    what: "Python 2 for JSON",
    name: "a.json",
    contents: "{u'username': u'us\\xe9r', u'hours': 0.9}\n",
    says: ["line 1 is not a JSON object", "looks like Python"],
  },
  {
    what: "JSON over several lines",
    name: "a.json",
    contents: '{\n  "playlists": []\n}\n',
    says: ["line 1 is not a JSON object (it begins one that goes over several lines", "jq -c"],
  },
  {
    what: "a JSON object of columns",
    name: "a.json",
    contents: '{"user":{"0":1,"1":1},"item":{"0":5,"1":6},"ts":{"0":3,"1":4}}',
    says: [
      'one JSON object with a column in each field; write one object a row, as to_json(orient="records"',
    ],
  },
  {
    what: "lists in JSON",
    name: "a.jsonl",
    contents: '{"user":1,"item":[1,2],"ts":3}\n',
    says: [
      '"item" is a list, not an id ([1,2]); write a row for each of its values, as explode does in pandas',
    ],
  },
  { what: "a JSON array", name: "a.json", contents: '[{"user":1}]', says: ["one JSON array", "jq"] },
  {
    what: "JSON without items",
    name: "a.jsonl",
    contents: '{"user":1,"ts":3}\n',
    says: ['no item column among "user", "ts"'],
  },
  {
    what: "JSON by position",
    name: "a.jsonl",
    contents: "{}\n",
    options: { columns: ["user", "item"] },
    says: ["name them"],
  },
  {
    what: "JSON in Latin-1",
    name: "a.jsonl",
    contents: "{}\n",
    options: { encoding: "latin1" },
    says: ["always UTF-8"],
  },
  {
    what: "text for Parquet",
    contents: HEAD,
    options: { format: "parquet" },
    says: ["neither a Parquet nor an Arrow file"],
  },
  {
    what: "damaged Parquet",
    name: "a.parquet",
    contents: "PAR1 and nothing behind it",
    says: ["Cannot read a.parquet: ", "check that the file is whole"],
  },
  {
    what: "damaged Arrow",
    name: "a.arrow",
    contents: "ARROW1 and nothing behind it",
    says: ["Cannot read a.arrow: ", "check that the file is whole"],
  },
]);
