/**
 * Item features: the columns of an item table turned into numbers that a model reads.
 *
 * @module
 */
export { type FeatureKind, type FeatureSpec, formatFeatureSpec, parseFeatureSpec } from "./features/spec.ts";
export { inferFeatures, type InferredFeature } from "./features/infer.ts";
export { checkSpecs, type EncodedFeatures, encodeFeatures } from "./features/encode.ts";
export { unsplit } from "./features/unsplit.ts";
export { withoutEnds } from "./features/values.ts";
