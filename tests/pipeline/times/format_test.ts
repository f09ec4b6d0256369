import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { likelyFormats } from "../../../pipeline/times/likely_formats.ts";
import { parseTimeFormat } from "../../../pipeline/times/format.ts";
import { parseTimestamps } from "../../../pipeline/times/timestamps.ts";

/** Converts texts in this format to ISO 8601; null for a text that is not in it. */
const read = (format: string, ...texts: string[]) =>
  (parseTimestamps(pl.Series("t", texts), parseTimeFormat(format)).times.toArray() as (number | null)[])
    .map((time) => time === null ? null : new Date(Number(time)).toISOString());

Deno.test("time formats: days first, months first, with and without times", () => {
  assert.deepEqual(read("%d.%m.%Y %H:%M", "14.09.2020 10:05", "04.09.2020 07:05"), [
    "2020-09-14T10:05:00.000Z",
    "2020-09-04T07:05:00.000Z",
  ]);
  assert.deepEqual(read("%m/%d/%Y", "09/14/2020"), ["2020-09-14T00:00:00.000Z"]);
  assert.deepEqual(read("%Y%m%dT%H%M%S.%f", "20200914T091106.123"), ["2020-09-14T09:11:06.123Z"]);
  assert.deepEqual(read("%F %T", "2020-09-14 09:11:06"), ["2020-09-14T09:11:06.000Z"]);
  assert.deepEqual(read("%d%m%Y", "01022020"), ["2020-02-01T00:00:00.000Z"]);
});

Deno.test("time formats: a zero in front may be missing where no digit stands beside, and there may be space around", () => {
  assert.deepEqual(read("%d.%m.%Y %H:%M:%S", " 4.9.2020 7:5:3\t"), ["2020-09-04T07:05:03.000Z"]);
  assert.deepEqual(read("%m/%d/%y", "9/4/20"), ["2020-09-04T00:00:00.000Z"]);
  assert.deepEqual(read("%Y%m%d", "2020914"), [null]);
});

Deno.test("time formats: names of months and weekdays, in any case, short or whole", () => {
  const months = [
    "Jan",
    "february",
    "MAR",
    "April",
    "May",
    "Jun",
    "July",
    "aug",
    "Sept",
    "October",
    "nov",
    "December",
  ];
  assert.deepEqual(
    read("%d %b %Y", ...months.map((month) => `7 ${month} 2020`)),
    months.map((_, i) => new Date(Date.UTC(2020, i, 7)).toISOString()),
  );
  assert.deepEqual(read("%a %b %d %H:%M:%S %z %Y", "Mon Sep 14 09:11:06 +0000 2020"), [
    "2020-09-14T09:11:06.000Z",
  ]);
  assert.deepEqual(read("%d %b %Y", "7 Sap 2020", "7 09 2020"), [null, null]);
});

Deno.test("time formats: twelve hours twice a day", () => {
  const clock = ["12:00 AM", "1:30 am", "11:59 a.m.", "12:00 PM", "1:30 pm", "11:59 P.M."];
  assert.deepEqual(
    read("%d/%m/%Y %I:%M %p", ...clock.map((time) => `05/06/2021 ${time}`)),
    ["00:00", "01:30", "11:59", "12:00", "13:30", "23:59"].map((time) => `2021-06-05T${time}:00.000Z`),
  );
  const eastern = ["上午 12:00", "午前 1:30", "오전 11:59", "下午 12:00", "午後 1:30", "م 11:59"];
  assert.deepEqual(
    read("%Y/%m/%d %p %I:%M", ...eastern.map((time) => `2021/6/5 ${time}`)),
    ["00:00", "01:30", "11:59", "12:00", "13:30", "23:59"].map((time) => `2021-06-05T${time}:00.000Z`),
  );
  assert.deepEqual(read("%Y/%m/%d %p%I:%M", "2021/6/5 下午9:54"), ["2021-06-05T21:54:00.000Z"]);
  assert.deepEqual(read("%d/%m/%Y %I:%M %p", "05/06/2021 13:00 PM", "05/06/2021 00:10 AM"), [null, null]);
});

Deno.test("time formats: zones, and years of two digits", () => {
  assert.deepEqual(
    read("%d/%b/%Y:%H:%M:%S %z", "10/Oct/2000:13:55:36 -0700", "10/Oct/2000:13:55:36 +02:00"),
    [
      "2000-10-10T20:55:36.000Z",
      "2000-10-10T11:55:36.000Z",
    ],
  );
  assert.deepEqual(
    read("%d.%m.%Y %H:%M%z", "14.09.2020 09:11Z", "14.09.2020 09:11+0100", "14.09.2020 09:11"),
    [
      "2020-09-14T09:11:00.000Z",
      "2020-09-14T08:11:00.000Z",
      null,
    ],
  );
  assert.deepEqual(read("%Y-%m-%d %H:%M %Z", "2020-09-14 09:11 UTC", "2020-09-14 09:11 CET"), [
    "2020-09-14T09:11:00.000Z",
    null,
  ]);
  assert.deepEqual(read("%y%m%d", "690101", "991231", "000101", "681231"), [
    "1969-01-01T00:00:00.000Z",
    "1999-12-31T00:00:00.000Z",
    "2000-01-01T00:00:00.000Z",
    "2068-12-31T00:00:00.000Z",
  ]);
});

Deno.test("time formats: what is no day, or of another format, is no time", () => {
  assert.deepEqual(read("%d.%m.%Y", "31.02.2020", "32.01.2020", "1.13.2020", "01.01.20", "1.1.2020 ?", ""), [
    ...Array(6).fill(null),
  ]);
  assert.deepEqual(
    read("(%d)+[%m] 100%% %Y", "(01)+[02] 100% 2020"),
    ["2020-02-01T00:00:00.000Z"],
    "signs are themselves",
  );
});

Deno.test("time formats: whatever is written in a format is read again", () => {
  const two = (n: number) => String(n).padStart(2, "0");
  const dates = Array.from({ length: 200 }, (_, i) => new Date(i * 86_400_000 * 97.7 - 7e11));
  const write = (date: Date, format: string) =>
    format.replaceAll(/%(.)/g, (_, letter: "Y") => ({
      Y: String(date.getUTCFullYear()),
      m: String(date.getUTCMonth() + 1),
      d: two(date.getUTCDate()),
      b: date.toLocaleString("en", { month: "short", timeZone: "UTC" }),
      B: date.toLocaleString("en", { month: "long", timeZone: "UTC" }),
      a: date.toLocaleString("en", { weekday: "short", timeZone: "UTC" }),
      H: two(date.getUTCHours()),
      I: String(date.getUTCHours() % 12 || 12),
      p: date.getUTCHours() < 12 ? "AM" : "PM",
      M: two(date.getUTCMinutes()),
      S: two(date.getUTCSeconds()),
      f: String(date.getUTCMilliseconds()).padStart(3, "0"),
    }[letter]!));
  for (const format of ["%d.%m.%Y %H:%M:%S.%f", "%a, %b %d, %Y %I:%M:%S.%f %p", "%S.%f|%M|%H|%B/%Y/%d"]) {
    assert.deepEqual(
      read(format, ...dates.map((date) => write(date, format))),
      dates.map((date) => date.toISOString()),
      format,
    );
  }
});

Deno.test("time formats: a space stands for several, and for those that do not break", () => {
  assert.deepEqual(
    read(
      "%b %d %H:%M %Y",
      "Jan  7 22:28 2010",
      "Jan 17 22:28 2010",
      "Jan\u00a07 22:28\u202f2010",
      "Jan7 22:28 2010",
    ),
    ["2010-01-07T22:28:00.000Z", "2010-01-17T22:28:00.000Z", "2010-01-07T22:28:00.000Z", null],
  );
});

Deno.test("time formats: one that does not say which day it was is refused, and says why", () => {
  const refused = (format: string, why: RegExp) => assert.throws(() => parseTimeFormat(format), why, format);
  refused("%d.%m", /--time-format "%d.%m": it has no year \(%Y\)$/);
  refused("%Y-%m-%d %S", /no minute \(%M\)/);
  refused("%Y-%m-%d %H:%M.%f", /no second \(%S\)/);
  refused("%Y %y %m %d", /the year twice/);
  refused("%Y-%m-%d %Q", /%Q is not known; there are %Y/);
  refused("%Y-%m-%d %", /% stands at its end/);
  refused("%Y-%m-%d %I", /need.* AM or PM/);
  refused("%Y-%m-%d %I %p %z", /not read together/);
});

Deno.test("time formats: which a text may be of", () => {
  assert.deepEqual(likelyFormats("09/14/2020"), ["%m/%d/%Y"]);
  assert.deepEqual(likelyFormats("05/06/2020"), ["%d/%m/%Y", "%m/%d/%Y"]);
  assert.deepEqual(likelyFormats("14.09.2020 10:00"), ["%d.%m.%Y %H:%M"]);
  assert.deepEqual(likelyFormats("Sep 14, 2020 09:11:06 AM"), ["%b %d, %Y %I:%M:%S %p"]);
  assert.deepEqual(likelyFormats("2014-12-06 02"), ["%Y-%m-%d %H"]);
  assert.deepEqual(likelyFormats("2010年1月7日 22:28"), ["%Y年%m月%d日 %H:%M"]);
  assert.deepEqual(likelyFormats("2020/9/17 下午 9:54"), ["%Y/%m/%d %p %I:%M"]);
  assert.deepEqual(likelyFormats("2020/9/17 上午9:54:48"), ["%Y/%m/%d %p%I:%M:%S"]);
  assert.deepEqual(likelyFormats("2020年09月17日21时54分"), ["%Y年%m月%d日%H时%M分"]);
  assert.deepEqual(likelyFormats("2020年09月17日 21時54分07秒"), ["%Y年%m月%d日 %H時%M分%S秒"]);
  assert.deepEqual(likelyFormats("2020년 9월 17일 오후 9시 54분"), ["%Y년 %m월 %d일 %p %I시 %M분"]);
  assert.deepEqual(likelyFormats("Thu Jan  7 22:28:37 2010"), ["%a %b %d %H:%M:%S %Y"]);
  assert.deepEqual(likelyFormats("9/14/2011, 4:21:55\u202fPM"), ["%m/%d/%Y, %I:%M:%S %p"]);
  for (const text of ["soon", "", "1.2.3.4", "2020-13-01", "7"]) {
    assert.deepEqual(likelyFormats(text), [], text);
  }
});
