/**
 * Side tables of MovieLens, which have no header.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";

/** The 19 flags at the end of a row of `u.item`, in the order of `u.genre`. */
const GENRES = [
  "unknown",
  "Action",
  "Adventure",
  "Animation",
  "Children's",
  "Comedy",
  "Crime",
  "Documentary",
  "Drama",
  "Fantasy",
  "Film-Noir",
  "Horror",
  "Musical",
  "Mystery",
  "Romance",
  "Sci-Fi",
  "Thriller",
  "War",
  "Western",
];

/** A file's delimiter and columns. */
interface Layout {
  delimiter: string;
  names: string[];
}

const LAYOUTS: Record<string, Layout> = {
  "movies.dat": { delimiter: "::", names: ["id", "title", "genres"] },
  "users.dat": { delimiter: "::", names: ["id", "gender", "age", "occupation", "zip"] },
  "u.item": {
    delimiter: "|",
    names: ["id", "title", "release_date", "video_release_date", "imdb_url", ...GENRES],
  },
  "u.user": { delimiter: "|", names: ["id", "age", "gender", "occupation", "zip"] },
};

/** Returns the layout of a MovieLens file by its name; undefined for other files. */
export function movielensByName(name: string): Layout | undefined {
  return Object.entries(LAYOUTS).find(([known]) => name.toLowerCase().endsWith(known))?.[1];
}

/** Returns the layout of a MovieLens file by its delimiter and number of columns. */
export function movielensByShape(delimiter: string, width: number): Layout | undefined {
  return Object.values(LAYOUTS).find((layout) =>
    layout.delimiter === delimiter && layout.names.length === width
  );
}

/** Combines the genre flags, if there are any, into one column `genres` (`Action|Comedy`). */
export function joinGenreFlags(frame: DataFrame): DataFrame {
  if (!GENRES.every((genre) => frame.columns.includes(genre))) return frame;
  const names = GENRES.map((genre) =>
    pl.when(pl.col(genre).eq(pl.lit("1"))).then(pl.lit(genre)).otherwise(pl.lit(null))
  );
  const others = frame.columns.filter((column) => !GENRES.includes(column));
  return frame.select(...others, pl.concatString(names, "|", true).alias("genres"));
}
