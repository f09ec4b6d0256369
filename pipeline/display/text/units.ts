/**
 * Amounts and times as people read them: `1.2 M rows/s`, `3.4 MB`, `1:05`.
 *
 * @module
 */
import { formatCell } from "../table.ts";

const short = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

/** The exponent of 1000 that leaves 1 … 999 before the unit, at most `limit`. */
function thousands(amount: number, limit: number): number {
  const magnitude = amount < 1 ? 0 : Math.floor(Math.log10(Number(amount.toPrecision(3))) / 3);
  return Math.min(magnitude, limit);
}

/** Formats a count of something: `1 epoch`, `3,200 steps`. */
export const countOf = (count: number, one: string): string =>
  `${formatCell(count)} ${one}${count === 1 ? "" : "s"}`;

/** Formats a count of bytes in decimal units: `980 B`, `24.6 MB`. */
export function formatBytes(bytes: number): string {
  const power = thousands(bytes, 4);
  return `${short.format(bytes / 1000 ** power)} ${["B", "kB", "MB", "GB", "TB"][power]}`;
}

/** Formats an amount with its unit: `1,000,209 rows`, `24.6 MB`; without a unit, only the number. */
export function formatAmount(amount: number, unit?: string): string {
  if (unit === "bytes") return formatBytes(amount);
  return unit === undefined
    ? formatCell(amount)
    : `${formatCell(amount)} ${amount === 1 ? oneOf(unit) : unit}`;
}

/** Returns the singular of a unit: `row`, `query`. */
const oneOf = (unit: string) => unit.endsWith("ies") ? `${unit.slice(0, -3)}y` : unit.replace(/s$/, "");

/** Formats a speed: `3.1 M rows/s`, `12.4 MB/s`. */
export function formatRate(perSecond: number, unit?: string): string {
  if (unit === "bytes") return `${formatBytes(perSecond)}/s`;
  const power = thousands(perSecond, 3);
  const number = `${short.format(perSecond / 1000 ** power)}${["", " k", " M", " G"][power]}`;
  return unit === undefined ? `${number}/s` : `${number} ${unit}/s`;
}

/** Formats a duration in seconds: `0.8 s`, `12 s`, `1:05`, `2:03:00`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
