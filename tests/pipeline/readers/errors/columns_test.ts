import { HEAD, unreadable } from "./cases.ts";

unreadable([
  {
    what: "wrong delimiter",
    contents: HEAD + "a,b,1\n",
    options: { delimiter: ";" },
    says: ['only one column with delimiter ";" ("user,item,timestamp")', '"," looks right: --delimiter ","'],
  },
  {
    what: "tabs, said to be commas",
    contents: "user\titem\ttimestamp\na\tb\t1\n",
    options: { delimiter: "," },
    says: ['"\\t" looks right'],
  },
  { what: "one column", contents: "user\na\nb\n", says: ["only one column", "--delimiter"] },
  {
    what: "missing column",
    contents: "user,itm,time\na,b,1\n",
    says: ['no item column (is it "itm"?) among "user", "itm", "time"', "--columns user=user,item=…"],
  },
  {
    what: "missing timestamp",
    contents: "user,item\na,1\n",
    says: [
      "no timestamp column",
      "--columns user=user,item=item,timestamp=…",
      "without it the rows count as ordered by time",
    ],
  },
  {
    what: "missing column, named",
    contents: "reviewerID,asin,time\na,b,1\n",
    options: { columns: ["user=reviewrID", "item=asin"] },
    says: ['no column "reviewrID" (did you mean "reviewerID"?)', '"reviewerID", "asin", "time"'],
  },
  {
    what: "duplicate header",
    contents: "user,item,item,time\na,b,c,1\n",
    says: ['column "item" occurs twice'],
  },
  {
    what: "no header and three columns",
    contents: "1,2,3\n4,5,6\n",
    says: ['no header, and 3 columns ("1,2,3")', "--columns user,item,timestamp"],
  },
  {
    what: "more columns named than there are",
    contents: "1,2\n4,5\n",
    options: { columns: ["user", "item", "timestamp"] },
    says: ["names 3 columns, but it has 2"],
  },
  {
    what: "names without a header",
    contents: "1,2,3\n",
    options: { columns: ["user=a", "item=b"], header: false },
    says: ["given by name, but it is said to have no header"],
  },
]);
