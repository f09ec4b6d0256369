import { latin1 } from "../files.ts";
import { HEAD, unreadable } from "./cases.ts";

const big = HEAD + "a,b,1\n".repeat(40_000);

unreadable([
  {
    what: "unclosed quote",
    contents: `${HEAD}a,b,1\nc,"d,2\ne,f,3\n`,
    says: ["line 3: a quoted field begins here that is not closed"],
  },
  {
    what: "unclosed quote in the last line",
    contents: `${HEAD}a,b,1\nc,"d,2`,
    says: ["line 3: a quoted field begins here"],
  },
  {
    what: "unclosed quote at the end",
    contents: `${HEAD}a,b,1\nc,d,"2`,
    says: ["line 3: a quoted field begins here"],
  },
  {
    what: "unclosed quote in the header",
    contents: '"user,item,timestamp\na,b,1\n',
    says: ["line 1: a quoted field"],
  },
  {
    what: "unclosed quote, Latin-1",
    contents: latin1(`${HEAD}é,b,1\nc,"d,2\n`),
    options: { encoding: "latin1" },
    says: ["line 3: a quoted field begins here"],
  },
  {
    what: "unclosed quote far in",
    contents: `${big}c,"d,2\n${"e,f,3\n".repeat(40_000)}`,
    says: ["line 40002: a quoted"],
  },
  {
    what: "not UTF-8",
    contents: latin1(`${HEAD}a,b,1\nc,d,2\né,f,3\n`),
    says: ["line 4 is not UTF-8", "--encoding windows-1252", "é,f,3"],
  },
  {
    what: "not UTF-8, far in",
    contents: new Uint8Array([...new TextEncoder().encode(big), 0xe9, 44, 98, 44, 49, 10]),
    says: ["line 40002 is not UTF-8"],
  },
]);
