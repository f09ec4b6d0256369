/**
 * Connects by host name.
 *
 * gRPC resolves names itself and connects to the addresses. A command may have permission only for the host named on its command
 * line, not for its addresses: here the name is passed to the system's own connect, which resolves it.
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
