/**
 * Options of earlier versions: refused with a message that says what to give instead.
 *
 * @module
 */
import { z } from "zod";

/** @param instead What to give instead, such as "it is maxMinutes now". */
export const gone = (instead: string): z.ZodOptional<z.ZodNever> =>
  z.never().optional().meta({ gone: instead }) as z.ZodOptional<z.ZodNever>;

/** Returns what to give instead of a removed option; undefined for any other. */
export const insteadOf = (schema: z.ZodType | undefined): string | undefined =>
  schema?.meta()?.gone as string | undefined;
