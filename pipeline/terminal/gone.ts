/**
 * Options of earlier versions: refused, in words that say what to give instead.
 *
 * @module
 */
import { z } from "zod";

/** @param instead As in "it is maxMinutes now". */
export const gone = (instead: string): z.ZodOptional<z.ZodNever> =>
  z.never().optional().meta({ gone: instead }) as z.ZodOptional<z.ZodNever>;

/** What to give instead of an option that is gone; undefined for any other. */
export const insteadOf = (schema: z.ZodType | undefined): string | undefined =>
  schema?.meta()?.gone as string | undefined;
