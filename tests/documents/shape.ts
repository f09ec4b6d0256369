/** The parts of an output that do not vary between machines and between trainings. */
export const shapeOf = (text: string): string =>
  text.split("\n")
    .map((line) =>
      line
        .replace(/\([\da-f]{8}\)/g, "(HASH)")
        .replace(/"[^"]*"/g, "TITLE")
        .replace(/ (native|wasm|cpu) engine/g, " ENGINE")
        .replace(/\b\d+:\d\d\b|\b[\d.]+ s\b/g, "TIME")
        .replace(/−?\b\d[\d.,:]*\d\b|−?\b\d\b/g, "0")
        .replace(/ \* /g, " ").replace(/ \*$/, "")
        .replace(/[\s─]+/g, " ").trim()
    )
    .filter((line) => line !== "" && line !== "…").join("\n");
