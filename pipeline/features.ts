/**
 * Item features: columns of an item table, encoded as numbers for models.
 *
 * @module
 */
export { type FeatureKind, type FeatureSpec, formatFeatureSpec, parseFeatureSpec } from "./features/spec.ts";
export { inferFeatures, type InferredFeature } from "./features/infer.ts";
export { checkSpecs, type EncodedFeatures, encodeFeatures } from "./features/encode.ts";
export { unsplit } from "./features/unsplit.ts";
export { unread } from "./features/unread.ts";
export { withoutEnds } from "./features/values.ts";
