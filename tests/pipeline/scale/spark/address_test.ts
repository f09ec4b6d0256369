import assert from "node:assert/strict";
import { InputError } from "../../../../pipeline/contract/errors.ts";
import { parseSparkAddress } from "../../../../pipeline/scale/spark/client.ts";

Deno.test("addresses of Spark Connect, as its own clients read them", () => {
  const { endpoint, secure, token, headers } = parseSparkAddress(
    "sc://spark.example.org:443/;use_ssl=true;token=a%3Db;x-team=blue",
  );
  assert.deepEqual([endpoint, secure, token, headers], ["spark.example.org:443", true, "a=b", {
    "x-team": "blue",
  }]);
  assert.equal(parseSparkAddress("sc://localhost").endpoint, "localhost:15002");
  assert.equal(parseSparkAddress("sc://[::1]:7/").endpoint, "[::1]:7");
  assert.equal(parseSparkAddress("sc://h/;user_id=ann;user_agent=etl").userId, "ann");
});

Deno.test("a token travels by TLS, but to this machine", () => {
  const secure = (url: string) => parseSparkAddress(url).secure;
  assert.equal(secure("sc://spark.example.org/;token=t"), true);
  assert.equal(secure("sc://spark.example.org"), false);
  assert.equal(secure("sc://127.0.0.1/;token=t"), false);
  assert.equal(secure("sc://localhost/;token=t;use_ssl=true"), true);
  assert.equal(secure("sc://spark.example.org/;token=t;use_ssl=false"), false);
});

Deno.test("what is no address is refused in one line, without the token", () => {
  const refused = (url: string, state: RegExp) =>
    assert.throws(() => parseSparkAddress(url), (error) => {
      assert(error instanceof InputError);
      assert.match(error.message, state);
      assert(!error.message.includes("secret"), error.message);
      return true;
    });
  refused(
    "http://h",
    /^Cannot use --spark http:\/\/h: it is not the address of a Spark Connect server; give it as in sc:\/\/host:15002$/,
  );
  refused("sc://", /it is not the address/);
  refused("sc://h:99999", /there is no port 99999/);
  refused("sc://h/path;token=secret", /after the port only parameters may follow/);
  refused("sc://h/;token", /a parameter is a name and a value/);
  refused("sc://h/;token=secret;use_ssl=yes", /use_ssl is true or false/);
  refused("sc://h/;session_id=1;token=secret", /session_id is a UUID/);
  refused("sc://10.0.0.7/;token=secret", /TLS asks a host for the certificate of its name/);
  refused("sc:/h;token=secret", /it is not the address/);
});
