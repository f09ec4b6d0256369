/**
 * Connecting by a host's name.
 *
 * gRPC looks names up by itself and connects to what it finds. A command may reach the host that its command line names, and no address
 * that stands for it: here the name goes to the system's own connect, which looks it up.
 *
 * @module
 */
import { experimental } from "@grpc/grpc-js";

/** Targets of this scheme are `byname:host:port`. */
export const BY_NAME = "byname";

type Constructor = Parameters<typeof experimental.registerResolver>[1];
type Target = ConstructorParameters<Constructor>[0];
type Listener = ConstructorParameters<Constructor>[1];

class NameResolver {
  readonly #endpoints;
  #told = false;

  constructor({ path }: Target, readonly listener: Listener) {
    const { host, port } = experimental.splitHostPort(path)!;
    this.#endpoints = [{ addresses: [{ host, port: port! }] }];
  }

  updateResolution(): void {
    if (this.#told) return;
    this.#told = true;
    queueMicrotask(() => this.listener(experimental.statusOrFromValue(this.#endpoints), {}, null, ""));
  }

  destroy(): void {
    this.#told = false;
  }

  static getDefaultAuthority({ path }: Target): string {
    return path;
  }
}

experimental.registerResolver(BY_NAME, NameResolver);
