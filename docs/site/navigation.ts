/**
 * The pages of the site, in the order in which they are read.
 *
 * @module
 */

/** A group of pages: its title, and its documents by their paths in the repository, with their titles. */
export interface Group {
  title: string;
  documents: Readonly<Record<string, string>>;
}

export const NAVIGATION: readonly Group[] = [
  {
    title: "Guide",
    documents: {
      "README.md": "Overview",
      "docs/install.md": "Installing",
      "docs/data.md": "Data",
      "docs/logs.md": "Well-known logs",
      "docs/reading.md": "Reading a report",
      "docs/methods.md": "Choosing a method",
      "docs/training.md": "Training",
      "docs/evaluation.md": "Evaluation",
      "docs/nights.md": "Nightly updates",
      "docs/people.md": "Personal data",
      "docs/notebooks.md": "Notebooks",
      "docs/scale.md": "Beyond memory, beyond one machine",
      "docs/choosing.md": "Which tool to use",
    },
  },
  {
    title: "Figures",
    documents: {
      "docs/results.md": "MovieLens-100K, all methods",
      "docs/results-beauty.md": "Amazon Beauty, seven methods",
      "docs/results-beauty-attributes.md": "Amazon Beauty, with attributes",
      "docs/levers.md": "What improves the figures",
      "bench/README.md": "Speed, memory, MovieLens-1M",
    },
  },
  {
    title: "Project",
    documents: {
      "ARCHITECTURE.md": "Architecture",
      "docs/decisions.md": "Decisions, and why",
      "CONTRIBUTING.md": "Contributing",
      "fixtures/README.md": "Sample data",
      "fixtures/hand/README.md": "A data set made by hand",
      "CHANGELOG.md": "Changelog",
    },
  },
];

/** Title of each document. */
export const TITLES: Readonly<Record<string, string>> = Object.assign(
  {},
  ...NAVIGATION.map(({ documents }) => documents),
);

/** All documents. */
export const DOCUMENTS: readonly string[] = Object.keys(TITLES);

/** Folder and title of the library's pages. */
export const API = { folder: "api", title: "Library reference" };

/** Returns the path of a document's page: `docs/scale.md` → `docs/scale.html`, `bench/README.md` → `bench/index.html`. */
export const pageOf = (document: string): string =>
  document.replace(/README\.md$/, "index.md").replace(/\.md$/, ".html");
