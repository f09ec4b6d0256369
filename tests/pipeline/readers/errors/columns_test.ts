import assert from "node:assert/strict";
import { columnsByHeader } from "../../../../pipeline/readers/roles.ts";
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
    says: [
      'no item column (is it "itm"?) among "user", "itm", "time"',
      "--columns user=user,item=itm,timestamp=time",
    ],
  },
  {
    what: "missing columns, and all can be guessed",
    contents: "order_id,customer,sku,bought_at,price\n1,a,b,2024-03-01 12:00,3.5\n",
    says: [
      'no user column (is it "customer"?) among "order_id", "customer", "sku", "bought_at", "price"; ' +
      "say which are what with --columns user=customer,item=sku,timestamp=bought_at",
    ],
  },
  {
    what: "missing columns, and several could be the time",
    contents: "dep_time,arr_time,tailnum,dest,booked_at\n517,830,N14228,IAH,2013-01-01T10:00:00Z\n",
    says: [
      'with --columns user=…,item=…,timestamp=booked_at; or is the time "dep_time" or "arr_time"?',
    ],
  },
  {
    what: "missing columns, and the time shows by its values alone",
    contents: "event_id,visitor,session_id,sku,action,happened\n17,a,s1,b,view,2026-10-30T10:03:00Z\n",
    says: [
      'no user column (is it "visitor"?)',
      "--columns user=visitor,item=sku,timestamp=happened",
    ],
  },
  {
    what: "missing timestamp, and the time shows by its values alone",
    contents: "user,item,eventId,happened\na,b,17,30.10.2026 10:03\n",
    says: ['no timestamp column (is it "happened"?) among', "timestamp=happened; without it"],
  },
  {
    what: "missing timestamp in JSON, and the time shows by its values alone",
    name: "a.jsonl",
    contents: '{"user":1,"thing":2,"event_id":7,"happened":"2026-10-30T10:03:00+01:00"}\n',
    says: ["--columns user=user,item=…,timestamp=happened"],
  },
  {
    what: "missing timestamp beside ids, which are no times although they are numbers",
    contents: "user,item,event_id\na,b,17\n",
    says: ["no timestamp column among", "--columns user=user,item=item,timestamp=…; without it"],
  },
  {
    what: "missing timestamp, and a name is near although its values cannot be times",
    contents: "user,item,event_type,timme\na,b,view,1761818580\n",
    says: ['no timestamp column (is it "timme"?) among', "timestamp=timme; without it"],
  },
  {
    what: "missing columns, of which none can be guessed",
    contents: "who,what,where\na,b,1\n",
    says: [
      'no user column among "who", "what", "where"; say which are what with --columns user=…,item=…; ' +
      "a timestamp is named in the same way, if there is one",
    ],
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
    what: "missing timestamp, and one column is likelier than another whose name is near",
    contents: "sessionId;userId;itemId;timeframe;eventdate\n1;NA;81766;526309;2016-05-09\n",
    says: [
      'no timestamp column (is it "eventdate"?)',
      "--columns user=userId,item=itemId,timestamp=eventdate; without it",
    ],
  },
  {
    what: "missing timestamp, and a date begins a name",
    contents: "user_id,book_id,review_id,date_added,read_at\n1,2,3,a,b\n",
    says: ['no timestamp column (is it "date_added"?)', "timestamp=date_added"],
  },
  {
    what: "missing timestamp, of which the parts are columns",
    contents: "userID,artistID,day,month,year\n1,2,1,4,2009\n",
    says: ["no timestamp column among", "--columns user=userID,item=artistID,timestamp=…; without it"],
  },
  {
    what: "missing item, beside the hour of a day",
    contents: "order_id,user_id,order_hour_of_day\n1,2,8\n",
    says: ["--columns user=user_id,item=…; a timestamp is named in the same way"],
  },
  {
    what: "a line for Excel before the header",
    contents: "sep=;\r\nuser;item;timestamp\r\na;b;1\r\n",
    says: ['its first line, "sep=;", is for Excel alone; take it away, as tail -n +2 does'],
  },
  {
    what: "a header that lacks R's row names",
    contents: '"user" "item" "timestamp"\n"1" "a" "b" 1\n"2" "a" "c" 2\n',
    says: ["its header has 3 fields, and its rows have 4; name the column", "row.names = FALSE"],
  },
  {
    what: "an item in a line before its rows",
    contents: "1:\n1488844,3,2005-09-06\n822109,5,2005-05-13\n",
    says: ['("1:"); it looks like the item of the rows below it', "docs/logs.md"],
  },
  {
    what: "missing column, named",
    contents: "reviewerID,asin,time\na,b,1\n",
    options: { columns: ["user=reviewrID", "item=asin"] },
    says: [
      'no column "reviewrID" (did you mean "reviewerID"?); its columns are "reviewerID", "asin", "time"; ' +
      "a timestamp is named in the same way, if there is one",
    ],
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
    what: "no header and four columns, of which the second is a date",
    contents: "1,2014-04-07T10:51:09.277Z,214536502,0\n1,2014-04-07T10:54:09.868Z,214536500,S\n",
    says: ['no header, and 4 columns ("1,2014-04-07T10:51:09.277Z,214536502,0")', "(_ skips one)"],
  },
  {
    what: "no header and four columns, of which the third is no rating",
    contents: "50756\t4f5e3a72\tTue Apr 03 18:00:06 +0000 2012\t240\n",
    says: ["no header, and 4 columns", "(_ skips one)"],
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

Deno.test("who names a timestamp, or whose file has one, is not told of it", () => {
  const refusal = (names: Record<string, string> | undefined, ...header: string[]) => {
    try {
      columnsByHeader("a.csv", header, names && { by: "name", names }, []);
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.match(
    refusal({ user: "who", item: "what", timestamp: "time" }, "what", "time")!,
    /its columns are "what", "time"$/,
  );
  assert.match(refusal(undefined, "user", "thing", "time")!, /--columns user=user,item=…,timestamp=time$/);
});

Deno.test("of user and item the one that is not named is found by its name; others count only where they are named", () => {
  const by = (names: Record<string, string>) => {
    const found = columnsByHeader("log.csv", ["customer", "item_id", "timestamp", "rating"], {
      by: "name",
      names,
    }, []);
    return Object.fromEntries(Object.entries(found).map(([role, column]) => [role, column?.name]));
  };
  assert.deepEqual(by({ user: "customer" }), { user: "customer", item: "item_id" });
  assert.deepEqual(by({ user: "customer", timestamp: "timestamp" }), {
    user: "customer",
    item: "item_id",
    timestamp: "timestamp",
  });
  assert.throws(
    () => by({ item: "item_id" }),
    /no user column .*--columns user=customer,item=item_id,timestamp=timestamp$/,
  );
});
