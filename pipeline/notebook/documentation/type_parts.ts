/**
 * What a type is made of, in Deno's reading of it.
 *
 * @module
 */

/** A type, as far as names in it are looked for. */
export type Type = unknown;

/** What a type takes of another one. */
export interface Taken {
  /** By `Partial`. */
  optional: boolean;
  /** By `Omit`. */
  without: ReadonlySet<string>;
  /** By `Pick`; left out: all. */
  only?: ReadonlySet<string>;
}

/** Whether a property is among what is taken. */
export const isTaken = ({ without, only }: Taken, name: string): boolean =>
  !without.has(name) && (only?.has(name) ?? true);

/** The types that a type has its properties of, without `Partial`, `Omit`, `Pick`, and another type for each of their properties around them. */
export function* takenParts(type: Type, taken: Taken): Generator<[Type, Taken]> {
  if (Array.isArray(type)) {
    for (const part of type) yield* takenParts(part, taken);
    return;
  }
  const { kind, value } = (type ?? {}) as { kind?: string; value?: unknown };
  if (kind === "intersection" || kind === "union") return yield* takenParts(value as Type[], taken);
  const { typeName, typeParams: [inner, keys] = [], typeParam, optional = false } = (value ?? {}) as {
    typeName?: string;
    typeParams?: Type[];
    typeParam?: { constraint: Type };
    optional?: boolean;
  };
  if (kind === "mapped") {
    return yield* takenParts(typeParam!.constraint, { ...taken, optional: taken.optional || optional });
  }
  if (typeName === "Partial") yield* takenParts(inner, { ...taken, optional: true });
  else if (typeName === "Omit") {
    yield* takenParts(inner, { ...taken, without: taken.without.union(new Set(textsIn(keys))) });
  } else if (typeName === "Pick" && textsIn(keys).length > 0) {
    const picked = new Set(textsIn(keys));
    yield* takenParts(inner, { ...taken, only: taken.only?.intersection(picked) ?? picked });
  } else yield [type, taken];
}

/** The texts that a type is made of, as of `"a" | "b"`. */
export function textsIn(type: Type): string[] {
  const { kind, value } = (type ?? {}) as { kind?: string; value?: { string?: string } | Type[] };
  if (kind === "union") return (value as Type[]).flatMap(textsIn);
  const text = kind === "literal" ? (value as { string?: string }).string : undefined;
  return text === undefined ? [] : [text];
}

/** What a list is of, also one that is only read, and what stands in brackets; undefined for another type. */
export function innerOf(type: Type): Type | undefined {
  const { kind, value } = (type ?? {}) as { kind?: string; value?: { tsType?: Type } };
  if (kind === "array" || kind === "parenthesized") return value;
  return kind === "typeOperator" ? value?.tsType : undefined;
}

/** A property's declaration, optional where it is so by the type that takes it. */
export const asOptional = (signature: string, optional = false): string =>
  optional ? signature.replace(/^((?:readonly )?(?:[\w$]+|"[^"]*")):/, "$1?:") : signature;

/** The type `owner[key]`, whose key is left out where it is no text; undefined for another type. */
export function accessOf(part: unknown): { owner: string; key?: string } | undefined {
  const { kind, value } = (part ?? {}) as {
    kind?: string;
    value?: { objType: { repr?: string }; indexType: { kind: string; value?: { string?: string } } };
  };
  if (kind !== "indexedAccess" || !value) return undefined;
  const { objType, indexType } = value;
  return {
    owner: objType.repr ?? "",
    key: indexType.kind === "literal" ? indexType.value?.string : undefined,
  };
}
