import assert from "node:assert/strict";
import { withoutSecrets } from "../../../../pipeline/display/text/secrets.ts";

Deno.test("of an address neither password nor token nor signature is said", () => {
  for (
    const [text, said] of [
      ["https://ann:hush@host/a.csv", "https://…@host/a.csv"],
      ["https://ghp_hush@host/a.csv", "https://…@host/a.csv"],
      ["Cannot read http://ann:hu@sh@host:80/a: no", "Cannot read http://…@host:80/a: no"],
      [
        "(see https://h/a?sig=hush), https://h/a?sig=hush: no",
        "(see https://h/a?sig=…), https://h/a?sig=…: no",
      ],
      ["s3a://KEY:hush/hush+h@bucket/a", "s3a://…@bucket/a"],
      ["HTTPS://ANN:HUSH@HOST/", "HTTPS://…@HOST/"],
      [
        "https://b.s3.amazonaws.com/a.csv?X-Amz-Algorithm=AWS4&X-Amz-Credential=hush&X-Amz-Security-Token=hush&X-Amz-Signature=hush",
        "https://b.s3.amazonaws.com/a.csv?X-Amz-Algorithm=AWS4&X-Amz-Credential=…&X-Amz-Security-Token=…&X-Amz-Signature=…",
      ],
      ["https://h/a?AWSAccessKeyId=hush&Expires=1", "https://h/a?AWSAccessKeyId=…&Expires=1"],
      [
        "wasbs://c@acc.blob.core.windows.net/a?sv=1&sig=hush",
        "wasbs://c@acc.blob.core.windows.net/a?sv=1&sig=…",
      ],
      ["https://h/a?api_key=hush#access_token=hush", "https://h/a?api_key=…#access_token=…"],
      [
        'Option --engine takes polars, not "sc://h:1/;token=hush"',
        'Option --engine takes polars, not "sc://h:1/;token=…"',
      ],
      [
        "sc://h:1/;use_ssl=true;user_id=ann;x-databricks=hush",
        "sc://h:1/;use_ssl=true;user_id=ann;x-databricks=…",
      ],
      ["https://a:hush@h/ and https://b:hush@h/", "https://…@h/ and https://…@h/"],
    ]
  ) {
    assert.equal(withoutSecrets(text), said);
    assert.equal(withoutSecrets(said), said, "said twice, it is the same");
  }
});

Deno.test("what is no secret stays as it is", () => {
  for (
    const text of [
      "data/mine/log.csv",
      "/home/a@b:c/log.csv",
      "https://host:8080/people/@ann",
      "https://host/a?page=2&monkey=1&author=ann&design=3",
      "abfss://container@account.dfs.core.windows.net/log",
      "hdfs://ann@name:8020/log",
      "sc://host:15002",
      "table:logs.clicks",
      "user=uid,item=sku,key=token=x",
      "ann:pass@example.org",
    ]
  ) assert.equal(withoutSecrets(text), text);
});
