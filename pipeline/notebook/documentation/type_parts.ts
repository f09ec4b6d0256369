/**
 * The parts of a type, as `deno doc` describes it.
 *
 * @module
 */

/** A type, of which only the names in it are of interest. */
export type Type = unknown;

/** Which properties a type takes from another one. */
export interface Taken {
  /** Whether they become optional, through `Partial`. */
  optional: boolean;
  /** Properties left out, through `Omit`. */
  without: ReadonlySet<string>;
  /** Properties taken, through `Pick`; undefined: all. */
  only?: ReadonlySet<string>;
}

/** Whether a property is among those taken. */
export const isTaken = ({ without, only }: Taken, name: string): boolean =>
  !without.has(name) && (only?.has(name) ?? true);

/** Yields the types that a type takes its properties from, without `Partial`, `Omit`, `Pick` or a mapped type around them. */
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

/** Returns the string literals in a type such as `"a" | "b"`. */
export function textsIn(type: Type): string[] {
  const { kind, value } = (type ?? {}) as { kind?: string; value?: { string?: string } | Type[] };
  if (kind === "union") return (value as Type[]).flatMap(textsIn);
  const text = kind === "literal" ? (value as { string?: string }).string : undefined;
  return text === undefined ? [] : [text];
}

/** Returns the element type of a list (also a readonly one) or the type in parentheses; undefined for another type. */
export function innerOf(type: Type): Type | undefined {
  const { kind, value } = (type ?? {}) as { kind?: string; value?: { tsType?: Type } };
  if (kind === "array" || kind === "parenthesized") return value;
  return kind === "typeOperator" ? value?.tsType : undefined;
}

/** Returns the properties of a type that is written out, `{ … }`; undefined for another type. */
export function writtenIn<P>(type: Type): P[] | undefined {
  const { kind, value } = (type ?? {}) as { kind?: string; value?: { properties?: P[] } };
  return kind === "typeLiteral" ? value?.properties ?? [] : undefined;
}

/** Returns the parts of a text with types in it, such as `${Measure}@${number}`; undefined for another type. */
export function templateOf(type: Type): Type[] | undefined {
  const { kind, value } = (type ?? {}) as { kind?: string; value?: { kind?: string; tsTypes?: Type[] } };
  return kind === "literal" && value?.kind === "template" ? value.tsTypes : undefined;
}

/** Whether a type is that of numbers. */
export const isNumber = (type: Type): boolean =>
  (type as { value?: unknown } | undefined)?.value === "number";

/** Marks a property's declaration as optional if the type that takes it makes it so. */
export const asOptional = (signature: string, optional = false): string =>
  optional ? signature.replace(/^((?:readonly )?(?:[\w$]+|"[^"]*")):/, "$1?:") : signature;

/** Returns the parts of a type `owner[key]`, without the key if it is not a string literal; undefined for another type. */
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
