/**
 * Something of each protocol.
 *
 * @module
 */
import type { RankingProtocol } from "../records/evaluation.ts";

/** By protocol, of those that there are, what a function gives. */
export const byProtocol = <T>(
  protocols: readonly RankingProtocol[],
  give: (protocol: RankingProtocol) => T,
): Record<RankingProtocol, T> =>
  Object.fromEntries(protocols.map((protocol) => [protocol, give(protocol)])) as Record<RankingProtocol, T>;
