/**
 * What every entry point of the library imports first: it checks for Deno and its permissions, and makes messages name options as in code.
 *
 * @module
 */
import "./runtime.ts";
import "./permitted.ts";
import { speakInCode } from "../../display/text/option_names.ts";

speakInCode();
