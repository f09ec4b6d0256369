/**
 * Values by protocol.
 *
 * @module
 */
import type { RankingProtocol } from "../records/evaluation.ts";

/** Collects what a function returns for each of the given protocols. */
export const byProtocol = <T>(
  protocols: readonly RankingProtocol[],
  give: (protocol: RankingProtocol) => T,
): Record<RankingProtocol, T> =>
  Object.fromEntries(protocols.map((protocol) => [protocol, give(protocol)])) as Record<RankingProtocol, T>;
