import type { Progress } from "../pipeline/contract/progress.ts";

/** A progress, and what it received: labels of tasks, warnings, remarks. */
export function listener(): {
  progress: Progress;
  labels: string[];
  warnings: string[];
  remarks: string[];
} {
  const labels: string[] = [], warnings: string[] = [], remarks: string[] = [];
  const progress: Progress = {
    start(label) {
      labels.push(label);
      return { advance() {}, end() {} };
    },
    warn: (message) => void warnings.push(message),
    remark: (message) => void remarks.push(message),
  };
  return { progress, labels, warnings, remarks };
}
