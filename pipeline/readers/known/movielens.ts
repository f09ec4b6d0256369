/**
 * The MovieLens data sets of GroupLens, University of Minnesota.
 *
 * @module
 */
import type { Checksum, DatasetEntry } from "./entry.ts";

const LICENCE =
  "MovieLens may be used for research, with acknowledgement; redistribution and commercial use need GroupLens' " +
  "permission (see the README in the archive)";
const CITATION =
  "F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: History and Context. " +
  "ACM Transactions on Interactive Intelligent Systems 5, 4, Article 19. https://doi.org/10.1145/2827872";

/** GroupLens publishes `ml-NAME.zip.md5` beside each archive. */
const md5 = (value: string): Checksum => ({ algorithm: "md5", value, publisher: "GroupLens" });

function movielens(
  size: string,
  title: string,
  checksum: Checksum,
  files: Pick<DatasetEntry, "interactions" | "items" | "users">,
): DatasetEntry {
  return {
    name: `ml-${size}`,
    title,
    homepage: `https://grouplens.org/datasets/movielens/${size.startsWith("latest") ? "latest" : size}/`,
    url: `https://files.grouplens.org/datasets/movielens/ml-${size}.zip`,
    checksum,
    ...files,
    licence: LICENCE,
    citation: CITATION,
  };
}

/** `user::item::rating::timestamp`, or the same with tabs. */
const classic = (path: string) => ({ path, read: { format: "movielens" } as const });
/** Titles of these years hold accents in ISO-8859-1. */
const classicLatin1 = (path: string) => ({
  path,
  read: { format: "movielens", encoding: "latin1" } as const,
});

/** The form since 2015: CSV in UTF-8 with a header. */
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
  movielens("100k", "MovieLens 100K (1998): 100,000 ratings", md5("0e33842e24a9c977be4e0107933c0723"), {
    interactions: classic("ml-100k/u.data"),
    items: classicLatin1("ml-100k/u.item"),
    users: classic("ml-100k/u.user"),
  }),
  movielens("1m", "MovieLens 1M (2003): 1,000,209 ratings", md5("c4d9eecfca2ab87c1945afe126590906"), {
    interactions: classic("ml-1m/ratings.dat"),
    items: classicLatin1("ml-1m/movies.dat"),
    users: classic("ml-1m/users.dat"),
  }),
  movielens("10m", "MovieLens 10M (2009): 10,000,054 ratings", md5("ce571fd55effeba0271552578f2648bd"), {
    interactions: classic("ml-10M100K/ratings.dat"),
    items: classic("ml-10M100K/movies.dat"),
  }),
  movielens(
    "20m",
    "MovieLens 20M (2015): 20,000,263 ratings",
    md5("cd245b17a1ae2cc31bb14903e1204af3"),
    modern("ml-20m"),
  ),
  movielens(
    "25m",
    "MovieLens 25M (2019): 25,000,095 ratings",
    md5("6b51fb2759a8657d3bfcbfc42b592ada"),
    modern("ml-25m"),
  ),
  movielens(
    "32m",
    "MovieLens 32M (2024): 32,000,204 ratings",
    md5("d472be332d4daa821edc399621853b57"),
    modern("ml-32m"),
  ),
  movielens("latest-small", "MovieLens Latest Small (edition of 2018): 100,836 ratings", {
    algorithm: "sha256",
    value: "696d65a3dfceac7c45750ad32df2c259311949efec81f0f144fdfb91ebc9e436",
    publisher: "TensorFlow Datasets",
  }, modern("ml-latest-small")),
];
