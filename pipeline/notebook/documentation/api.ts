/**
 * The library's exports with their documentation, as `deno doc` reads them from the sources.
 *
 * @module
 */
import {
  accessOf,
  asOptional,
  innerOf,
  isNumber,
  isTaken,
  type Taken,
  takenParts,
  templateOf,
  textsIn,
  type Type,
  writtenIn,
} from "./type_parts.ts";

interface Documented {
  name: string;
  jsDoc?: { doc?: string; tags?: Tag[] };
  location: { filename: string; byteIndex: number };
}
/** `@returns`, `@throws`, `@param`, `@example`. */
export interface Tag {
  kind: string;
  name?: string;
  doc?: string;
  tsType?: { repr?: string };
}
interface Parameter {
  /** For a constructor's parameter that is also a member. */
  readonly?: boolean;
  accessibility?: Access["accessibility"];
  name?: string;
  left?: { name?: string; tsType?: Type };
  tsType?: Type;
}
/** For example `M extends MethodName`. */
interface TypeParameter {
  name: string;
  constraint?: Type;
}
/** Modifiers of a member of a class. */
interface Access {
  accessibility?: "public" | "protected" | "private";
  isStatic?: boolean;
}
interface Property extends Documented, Access {
  optional?: boolean;
  /** Whether its name is a symbol, which nobody writes. */
  computed?: boolean;
  tsType?: Type;
  /** The parameters of the type that it is written in, where that is an alias. */
  typeParameters?: TypeParameter[];
}
interface Callable extends Documented, Access {
  optional?: boolean;
  /** For a method of a class. */
  functionDef?: { params: Parameter[]; returnType?: Type; typeParams?: TypeParameter[] };
  /** For a method of an interface. */
  params?: Parameter[];
  returnType?: Type;
  typeParams?: TypeParameter[];
}
interface Declaration extends Omit<Documented, "name"> {
  kind: "function" | "interface" | "typeAlias" | "class" | "variable";
  def: {
    params?: Parameter[];
    returnType?: Type;
    typeParams?: TypeParameter[];
    tsType?: Type;
    extends?: Type;
    constructors?: Callable[];
    properties?: Property[];
    methods?: Callable[];
  };
}

/** One export of the library, or a member of one. */
export interface Entry {
  /** Its full name, such as `recommend` or `Search.select`. */
  title: string;
  kind: string;
  /** Its declaration, as it is in the source. */
  signature: string;
  doc: string;
  tags: Tag[];
  /** The parameters by position, with the library's interfaces in their types and the string literals they accept. */
  parameters: { name: string; types: string[]; texts: string[] }[];
  /** Interfaces and classes of the library in what it returns. */
  gives: string[];
  /** The one of these that it returns, directly or as a promise; undefined for a list of them, or for either of two. */
  is?: string;
}

/** Names that may follow the dot after an object. */
export interface Members {
  /** All names, sorted. */
  names: string[];
  /** The names that every such object has. */
  always: string[];
}

/** A property of options or of an object. */
export interface Member {
  name: string;
  /** Its declaration, such as `k?: number`. */
  signature: string;
  doc: string;
  types: string[];
  /** The string literals that it, or an element of it if it is a list, may be; empty if any value is allowed. */
  texts: string[];
  /** The one of these types that it is; see {@link Entry.is}. */
  is?: string;
}

/** All exports of a module. */
export class Api {
  readonly #symbols: Map<string, Declaration>;
  readonly #sources = new Map<string, Uint8Array>();

  constructor(symbols: readonly { name: string; declarations: Declaration[] }[]) {
    this.#symbols = new Map(symbols.map(({ name, declarations }) => [name, declarations[0]]));
  }

  /**
   * Reads the exports of a module.
   *
   * @throws {Error} if Deno cannot read it.
   */
  static async of(module: string, signal?: AbortSignal): Promise<Api> {
    return Api.#from(await new Deno.Command(Deno.execPath(), { ...reading(module), signal }).output());
  }

  /** Does the same synchronously, so that a caller that does not await gets the result itself, not a promise. */
  static now(module: string): Api {
    return Api.#from(new Deno.Command(Deno.execPath(), reading(module)).outputSync());
  }

  static #from({ success, stdout, stderr }: Deno.CommandOutput): Api {
    if (!success) throw new Error(new TextDecoder().decode(stderr).split("\n")[0]);
    const { nodes } = JSON.parse(new TextDecoder().decode(stdout));
    return new Api(Object.values(nodes as Record<string, { symbols: [] }>).flatMap(({ symbols }) => symbols));
  }

  /** Returns the exported names, sorted. */
  names(): string[] {
    return [...this.#symbols.keys()].sort((a, b) => a.localeCompare(b));
  }

  /** Returns an export by name. */
  entry(name: string): Entry | undefined {
    const declaration = this.#symbols.get(name);
    if (!declaration) return undefined;
    const { kind, def } = declaration;
    const call = kind === "class" ? def.constructors?.[0]?.params : def.params;
    return this.#entry(
      name,
      kind,
      { name, ...declaration },
      call,
      def.returnType ?? def.tsType,
      def.typeParams,
    );
  }

  /** Returns a member of an exported class or interface, including inherited ones. */
  member(owner: string, name: string): Entry | undefined {
    for (const [title, { def }] of this.#lineage(owner)) {
      const method = def.methods?.find((one) => one.name === name);
      if (method) {
        const { params, returnType, typeParams } = method.functionDef ?? method;
        return this.#entry(`${title}.${name}`, "method", method, params, returnType, typeParams);
      }
      const property = def.properties?.find((one) => one.name === name);
      if (property) return this.#entry(`${title}.${name}`, "property", property, [], property.tsType);
    }
    return undefined;
  }

  /**
   * Returns the public members of an exported class or interface, including inherited ones; undefined if it is neither.
   *
   * @param isClass Whether to return the static members of the class itself, not those of its instances.
   */
  members(owner: string, isClass = false): Members | undefined {
    const kind = this.#symbols.get(owner)?.kind;
    if (kind !== "class" && (kind !== "interface" || isClass)) return undefined;
    const all = [...this.#lineage(owner)].flatMap(([, { def }]): Told[] => [
      ...def.methods ?? [],
      ...def.properties ?? [],
      ...(def.constructors?.[0]?.params ?? []).filter(({ readonly, accessibility }) =>
        readonly || accessibility
      )
        .map(({ name = "", accessibility }) => ({ name, accessibility })),
    ]).filter(({ isStatic = false }) => isStatic === isClass);
    // A class's own declaration of a member overrides an inherited one.
    const first = [...new Map(all.toReversed().map((member) => [member.name, member])).values()].filter(
      isPublic,
    );
    const sorted = (members: typeof first) =>
      members.map(({ name }) => name).sort((a, b) => a.localeCompare(b));
    return { names: sorted(first), always: sorted(first.filter(({ optional }) => !optional)) };
  }

  /** Returns the exported classes and interfaces that have a member of this name. */
  owners(member: string): string[] {
    return [...this.#symbols].flatMap(([name, { def }]) =>
      [...def.methods ?? [], ...def.properties ?? []].some((one) => one.name === member) ? [name] : []
    );
  }

  /**
   * Returns the properties of an interface, or of the types in an alias, inherited ones last.
   *
   * @param choice Value of the type's parameter, such as `sasrec` in `TrainOptions<"sasrec">`: includes the properties that depend on it.
   */
  properties(name: string, choice?: string): Member[] {
    const all = [...this.#allPropertiesOf(name, choice)];
    const textsOf = (name: string) =>
      all.filter((one) => one.name === name).flatMap(({ tsType, typeParameters }) =>
        this.#texts(tsType, { choice, typeParameters })
      );
    return firstOfEach(all).map((property) => ({
      name: property.name,
      signature: asOptional(this.#source(property).replace(/;\s*$/, ""), property.optional),
      doc: property.jsDoc?.doc?.trim() ?? "",
      types: this.#known(property.tsType, choice),
      texts: [...new Set(textsOf(property.name))],
      is: this.#only(property.tsType),
    }));
  }

  /** For a type with properties that depend on its parameter, returns those of each value of the parameter. */
  choices(name: string): { choice: string; properties: Member[] }[] {
    const always = new Set(this.properties(name).map(({ name }) => name));
    const all = [...new Set([...this.#indexed(this.#symbols.get(name)?.def)])];
    return all.map((choice) => ({
      choice,
      properties: this.properties(name, choice).filter(({ name }) => !always.has(name)),
    }));
  }

  /** Yields the keys of everything in a type that is indexed by a parameter. */
  *#indexed(part: unknown): Generator<string> {
    if (typeof part !== "object" || part === null) return;
    const access = accessOf(part);
    const owner = access && access.key === undefined && this.#symbols.has(access.owner);
    if (owner) yield* this.#propertiesOf(access.owner).map(({ name }) => name);
    else for (const inner of Object.values(part)) yield* this.#indexed(inner);
  }

  #propertiesOf(name: string, choice?: string): Property[] {
    return firstOfEach([...this.#allPropertiesOf(name, choice)]);
  }

  /** Yields the properties of a type, one that several of its parts have once for each of them. */
  *#allPropertiesOf(name: string, choice?: string): Generator<Property> {
    for (const [, { def }, taken] of this.#lineage(name, choice)) {
      for (const property of def.properties ?? []) {
        if (property.computed || !isTaken(taken, property.name)) continue;
        yield taken.optional ? { ...property, optional: true } : property;
      }
    }
  }

  /** Whether an export is a type, which does not exist at run time. */
  isType(name: string): boolean {
    return ["interface", "typeAlias"].includes(this.#symbols.get(name)?.kind ?? "");
  }

  /** Whether an interface, or one that it extends, has methods. */
  hasMethods(name: string): boolean {
    return [...this.#lineage(name)].some(([, { def }]) => (def.methods?.length ?? 0) > 0);
  }

  /** Yields a class or interface and everything it extends, with what is taken of the properties of each. */
  *#lineage(
    name: string,
    choice?: string,
    taken: Taken = { optional: false, without: new Set() },
    seen: Set<string> = new Set(),
  ): Generator<[string, Declaration, Taken]> {
    const declaration = this.#symbols.get(name);
    if (!declaration || seen.has(name) || isOfAnother(declaration, choice)) return;
    seen.add(name);
    yield [name, declaration, taken];
    const above = declaration.kind === "typeAlias" ? declaration.def.tsType : declaration.def.extends;
    for (const [part, how] of takenParts(above, taken)) {
      const written = writtenIn<Property>(part);
      if (written) {
        const properties = written.map((one) => ({ ...one, typeParameters: declaration.def.typeParams }));
        yield [name, { ...declaration, def: { properties } }, how];
        continue;
      }
      for (const one of this.#known(part, choice)) yield* this.#lineage(one, choice, how, seen);
    }
  }

  #entry(
    title: string,
    kind: string,
    documented: Documented,
    parameters: Parameter[] = [],
    gives: Type,
    typeParameters: TypeParameter[] = [],
  ): Entry {
    return {
      title,
      kind,
      signature: this.#source(documented),
      doc: documented.jsDoc?.doc?.trim() ?? "",
      tags: documented.jsDoc?.tags ?? [],
      parameters: parameters.map(({ name, left, tsType }) => ({
        name: name ?? left?.name ?? "",
        types: this.#known(tsType ?? left?.tsType),
        texts: this.#texts(tsType ?? left?.tsType, { typeParameters }),
      })),
      gives: kind === "class" ? [title] : this.#known(gives),
      is: kind === "class" ? title : this.#only(gives),
    };
  }

  /** Returns the export that a type, or a promise of it, refers to; for `Model & Disposable` the exported part, if there is only one. */
  #only(type: Type): string | undefined {
    const { kind, value } = (type ?? {}) as {
      kind?: string;
      value?: { typeName?: string; typeParams?: Type[] };
    };
    if (kind === "intersection") {
      const [only, ...others] = (value as Type[]).flatMap((part) => this.#only(part) ?? []);
      return others.length === 0 ? only : undefined;
    }
    if (kind !== "typeRef" || !value?.typeName) return undefined;
    if (value.typeName === "Promise") return this.#only(value.typeParams?.[0]);
    return this.#symbols.has(value.typeName) ? value.typeName : undefined;
  }

  /** Returns the exported names in a type. `X[K]` stands for that property of X; if K is a parameter, for that of `choice`. */
  #known(type: Type, choice?: string): string[] {
    const names = new Set<string>(),
      walk = (part: unknown): void => {
        const access = accessOf(part);
        if (access && this.#symbols.has(access.owner)) {
          const key = access.key ?? choice;
          walk(this.#propertiesOf(access.owner).find(({ name }) => name === key)?.tsType);
        } else if (typeof part === "string" && this.#symbols.has(part)) names.add(part);
        else if (Array.isArray(part)) part.forEach(walk);
        else if (part && typeof part === "object") {
          for (const [key, value] of Object.entries(part)) {
            if (key === "typeName" || key === "repr" || typeof value === "object") walk(value);
          }
        }
      };
    walk(type);
    return [...names];
  }

  /**
   * Returns the string literals that a type allows, by itself or in a list.
   *
   * @param by Value of the type's parameter, as in {@link Api.properties}, and type parameters with their constraints.
   */
  #texts(type: Type, by: { choice?: string; typeParameters?: TypeParameter[] } = {}): string[] {
    const of = (part: Type) => this.#texts(part, by);
    const access = accessOf(type);
    if (access) {
      const key = access.key ?? by.choice;
      return of(this.#propertiesOf(access.owner).find(({ name }) => name === key)?.tsType);
    }
    const inner = innerOf(type);
    if (inner !== undefined) return of(inner);
    const { kind, value } = (type ?? {}) as { kind?: string; value?: unknown };
    if (kind === "union") return [...new Set((value as Type[]).flatMap(of))];
    const parts = templateOf(type);
    if (parts) {
      return parts.map((part) => isNumber(part) ? CUT_OFFS : of(part)).reduce(
        (begun, ends) => begun.flatMap((text) => ends.map((end) => text + end)),
        [""],
      );
    }
    if (kind !== "typeRef") return textsIn(type);
    const { typeName = "", typeParams: [first, without] = [] } = value as {
      typeName?: string;
      typeParams?: Type[];
    };
    if (typeName === "Exclude") {
      const left = new Set(of(first)).difference(new Set(of(without)));
      return [...left];
    }
    const parameter = by.typeParameters?.find(({ name }) => name === typeName);
    if (parameter) return this.#texts(parameter.constraint);
    const alias = this.#symbols.get(typeName);
    return alias?.kind === "typeAlias" ? this.#texts(alias.def.tsType) : [];
  }

  /** Returns a declaration as it is in the source, without its body. */
  #source({ location: { filename, byteIndex } }: Pick<Documented, "location">): string {
    const path = new URL(filename);
    const source = this.#sources.getOrInsertComputed(filename, () => Deno.readFileSync(path));
    const text = new TextDecoder().decode(source.subarray(byteIndex, byteIndex + MOST));
    return declared(text);
  }
}

/** The numbers that are offered within texts, as in `NDCG@10`: the cut-offs that an evaluation has unless others are named. */
const CUT_OFFS = ["5", "10", "20"];

/** Of properties with the same name the first. */
const firstOfEach = (properties: readonly Property[]): Property[] =>
  properties.filter((one, i) => properties.findIndex(({ name }) => name === one.name) === i);

/** Options of the `deno doc` command for a module. */
const reading = (module: string): Deno.CommandOptions => ({
  args: ["doc", "--quiet", "--json", module],
  env: { NO_COLOR: "1" },
});

/** Whether a type belongs to another choice, such as AutoMLP's job, `{ method?: "automlp"; … }`, if another method is chosen. */
function isOfAnother({ def }: Declaration, choice?: string): boolean {
  const texts = textsIn(def.properties?.find(({ name }) => name === "method")?.tsType);
  return choice !== undefined && texts.length > 0 && !texts.includes(choice);
}

/** The documented facts about a member. */
type Told = Pick<Documented, "name" | "jsDoc"> & Access & { optional?: boolean };

/** Whether a member is neither hidden from users of the library nor named by a symbol. */
const isPublic = ({ name, accessibility = "public", jsDoc }: Told): boolean =>
  accessibility === "public" && !name.startsWith("[") &&
  !jsDoc?.tags?.some(({ kind }) => kind === "internal");

/** Maximum bytes of a declaration. */
const MOST = 4000;

/** Returns the head of a declaration: up to its body, or its end. */
function declared(text: string): string {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    const isBody = depth === 0 && /^\{(\s*\n|\})/.test(text.slice(i));
    if ("([<".includes(c) || c === "{" && !isBody) depth++;
    else if (")]}".includes(c) || c === ">" && text[i - 1] !== "=") depth--;
    else if (depth > 0) continue;
    else if (
      c === ";" || isBody || c === "=" && /^=>/.test(text.slice(i))
    ) {
      return plain(text.slice(0, c === ";" ? i + 1 : i));
    } else if (c === "=" && /^=\s/.test(text.slice(i))) return plain(text.slice(0, i));
  }
  return plain(text.split("\n")[0]);
}

const plain = (text: string) =>
  text.trim().replace(/^export (default )?/, "").replace(/^(declare |abstract |async )+/, "").replace(
    /\n {2}/g,
    "\n",
  );
