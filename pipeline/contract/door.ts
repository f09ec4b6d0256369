/**
 * What every door of the library begins with: it needs Deno, and from then on messages name options as they are in code.
 *
 * @module
 */
import "./runtime.ts";
import { speakInCode } from "../display/option_names.ts";

speakInCode();
