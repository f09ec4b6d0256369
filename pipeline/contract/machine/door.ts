/**
 * What every door of the library begins with: it needs Deno and its permissions, and from then on messages name options as they are in code.
 *
 * @module
 */
import "./runtime.ts";
import "./permitted.ts";
import { speakInCode } from "../../display/text/option_names.ts";

speakInCode();
