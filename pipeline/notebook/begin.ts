/**
 * In a Jupyter kernel, begins the {@link ./session.ts | session}; anywhere else, does nothing.
 *
 * @module
 */
import { inKernel } from "./kernel.ts";

if (inKernel()) await import("./session.ts");
