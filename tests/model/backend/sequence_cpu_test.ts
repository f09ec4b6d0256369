import { sequenceContract } from "./sequence_contract.ts";

await sequenceContract("cpu");
