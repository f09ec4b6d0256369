import { contract } from "./contract.ts";
import { sequenceContract } from "./sequence_contract.ts";

await contract("webgpu");
await sequenceContract("webgpu");
