/**
 * The MovieLens data sets of GroupLens, University of Minnesota.
 *
 * @module
 */
import type { DatasetEntry } from "./entry.ts";

const LICENCE =
  "MovieLens may be used for research, with acknowledgement; redistribution and commercial use need GroupLens' " +
  "permission (see the README in the archive)";
const CITATION =
  "F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: History and Context. " +
  "ACM Transactions on Interactive Intelligent Systems 5, 4, Article 19. https://doi.org/10.1145/2827872";

const TERMS = "research; no redistribution";

/** An archive with its checksum and size, and the number of users, rated films and ratings in it. */
interface Archive {
  /**
   * SHA-256 of the archive. GroupLens publishes only the MD5 of each archive, and two files can be made to have the same MD5. These
   * are the SHA-256 of the archives with the published MD5s.
   */
  sha256: string;
  bytes: number;
  counts: [users: number, items: number, interactions: number];
}

const ARCHIVES: Record<string, Archive> = {
  "100k": {
    sha256: "50d2a982c66986937beb9ffb3aa76efe955bf3d5c6b761f4e3a7cd717c6a3229",
    bytes: 4_924_029,
    counts: [943, 1_682, 100_000],
  },
  "1m": {
    sha256: "a6898adb50b9ca05aa231689da44c217cb524e7ebd39d264c56e2832f2c54e20",
    bytes: 5_917_549,
    counts: [6_040, 3_706, 1_000_209],
  },
  "10m": {
    sha256: "813c411ccb6122564edfe752e7f80c4dcc5aa25fa94c93622f6877a7ba252862",
    bytes: 65_566_137,
    counts: [69_878, 10_677, 10_000_054],
  },
  "20m": {
    sha256: "96f243c338a8665f6bcc89c53edf6ee39162a846940de6b7c8c48aeada765ff3",
    bytes: 198_702_078,
    counts: [138_493, 26_744, 20_000_263],
  },
  "25m": {
    sha256: "8b21cfb7eb1706b4ec0aac894368d90acf26ebdfb6aced3ebd4ad5bd1eb9c6aa",
    bytes: 261_978_986,
    counts: [162_541, 59_047, 25_000_095],
  },
  "32m": {
    sha256: "e4a68655d7386b8f95f2f2424b2ff975dfdd15ffd59e0d864a14dca43e99d6ee",
    bytes: 238_950_008,
    counts: [200_948, 84_432, 32_000_204],
  },
  "latest-small": {
    sha256: "696d65a3dfceac7c45750ad32df2c259311949efec81f0f144fdfb91ebc9e436",
    bytes: 978_202,
    counts: [610, 9_724, 100_836],
  },
};

function movielens(
  size: string,
  title: string,
  files: Pick<DatasetEntry, "interactions" | "items" | "users">,
): DatasetEntry {
  const { sha256, bytes, counts: [users, items, interactions] } = ARCHIVES[size];
  return {
    name: `ml-${size}`,
    title,
    homepage: `https://grouplens.org/datasets/movielens/${size.startsWith("latest") ? "latest" : size}/`,
    url: `https://files.grouplens.org/datasets/movielens/ml-${size}.zip`,
    checksum: { sha256, publisher: "GroupLens's archive" },
    bytes,
    ...files,
    counts: { users, items, interactions },
    licence: LICENCE,
    terms: TERMS,
    citation: CITATION,
  };
}

/** `user::item::rating::timestamp`, or the same with tabs. */
const classic = (path: string) => ({ path, read: { format: "movielens" } as const });
/** Titles in these old files have accents in ISO-8859-1. */
const classicLatin1 = (path: string) => ({
  path,
  read: { format: "movielens", encoding: "latin1" } as const,
});

/** The layout since 2015: CSV in UTF-8 with a header. */
const modern = (folder: string): Pick<DatasetEntry, "interactions" | "items"> => ({
  interactions: {
    path: `${folder}/ratings.csv`,
    read: {
      format: "csv",
      delimiter: ",",
      header: true,
      columns: ["user=userId", "item=movieId", "rating=rating", "timestamp=timestamp"],
    },
  },
  items: { path: `${folder}/movies.csv`, read: { format: "csv", delimiter: ",", header: true } },
});

export const MOVIELENS: DatasetEntry[] = [
  movielens("100k", "MovieLens 100K (1998): 100,000 ratings", {
    interactions: classic("ml-100k/u.data"),
    items: classicLatin1("ml-100k/u.item"),
    users: classic("ml-100k/u.user"),
  }),
  movielens("1m", "MovieLens 1M (2003): 1,000,209 ratings", {
    interactions: classic("ml-1m/ratings.dat"),
    items: classicLatin1("ml-1m/movies.dat"),
    users: classic("ml-1m/users.dat"),
  }),
  movielens("10m", "MovieLens 10M (2009): 10,000,054 ratings", {
    interactions: classic("ml-10M100K/ratings.dat"),
    items: classic("ml-10M100K/movies.dat"),
  }),
  movielens(
    "20m",
    "MovieLens 20M (2015): 20,000,263 ratings",
    modern("ml-20m"),
  ),
  movielens(
    "25m",
    "MovieLens 25M (2019): 25,000,095 ratings",
    modern("ml-25m"),
  ),
  movielens(
    "32m",
    "MovieLens 32M (2024): 32,000,204 ratings",
    modern("ml-32m"),
  ),
  movielens(
    "latest-small",
    "MovieLens Latest Small (edition of 2018): 100,836 ratings",
    modern("ml-latest-small"),
  ),
];
