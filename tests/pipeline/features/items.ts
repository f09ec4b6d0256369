/** A table of items, and helpers that read encoded ones. */
import pl, { type DataFrame } from "nodejs-polars";

export const ITEMS = pl.DataFrame([
  pl.Series("id", ["a", "b", "c", "d", "e", "f"], pl.String),
  pl.Series("genres", ["Drama|Comedy", "Drama", "", null, " Western | Drama|Drama", "|Comedy|"], pl.String),
  pl.Series("brand", ["Zed", "acme", "Zed", " Zed ", null, "Ölwerk"], pl.String),
  pl.Series("size", ["10", "9", "XL", "9", "100", ""], pl.String),
  pl.Series("price", ["1", "2", "3", "4", "", "10.0"], pl.String),
]);

export const list = (frame: DataFrame, column: string) => [...frame.getColumn(column)];
export const lists = (frame: DataFrame, column: string): number[][] =>
  frame.getColumn(column).toArray().map((codes) => [...codes as Iterable<number>]);
export const vocabularyRows = (frame: DataFrame) =>
  frame.toRecords().map(({ feature, code, value, items }) => [feature, code, value, items]);
