/**
 * Amazon product ratings, collected by Julian McAuley's group, UC San Diego: the 2014 and 2023 editions, one data set per category,
 * all ratings (no k-core). Item metadata is left to `--items`: in the 2014 edition it is not JSON, in the 2023 edition it is many
 * times larger than the ratings.
 *
 * @module
 */
import type { DatasetEntry, KnownCounts } from "./entry.ts";

const LICENCE =
  "Amazon review data is offered for research, with citation; its owners state no explicit licence";

const TERMS = "research; none stated";

/** Counts by category of 2014, as reported by those who counted the whole file; the owners' page counts reviews. */
const COUNTS_2014: Record<string, KnownCounts> = {
  Beauty: { users: 1_210_271, items: 249_274, interactions: 2_023_070 },
};

/**
 * SHA-256 of each file, by its category as in the file name. The hosts publish no checksums; these are the ones that OmniRec's
 * loaders pin.
 */
const CATEGORIES_2014: Record<string, string> = {
  Amazon_Instant_Video: "249e1061d30db8c1230e4f3edd0523be12c37e6a8e6b9872a312cf6c326f157b",
  Apps_for_Android: "ed8919d499a20949a60ea10c40c25d820783da7bead896f32213f98b1887d987",
  Automotive: "d77d59c094d86b7c987edcbc8d99ae78c9061e6f89ba819e1a77a1951fe977cc",
  Baby: "a219f779b2694f660f1ee243f2af71d63c2c9828425e716569faace305e978d1",
  Beauty: "17d5232b90444beecfe758ce1446e5300230491f3a88ac802992ca95fc4c150f",
  Books: "87d923ddac2aacf40c1d0e0e056dbf4bf69c9c7d41852c6b434e781e759c0707",
  CDs_and_Vinyl: "74b503152bc8f92f389a1f841ec00361f903772e5ebb2b664ce678c023dbbceb",
  Cell_Phones_and_Accessories: "3c944712ec98360c959df256c9e3dde0d40caa4a888b6d2013050a7ab502afaa",
  Clothing_Shoes_and_Jewelry: "7bf571cb99abaebf380d2a231986e6df7b622ebd49b308e2506f1c0aab54b29a",
  Digital_Music: "fdf164882460ff26fa2521e01f6a9cf8005ad252ddce308dd03519064f02d80e",
  Electronics: "a8e5b66b7f5371d1659ff88ae4acec91604125d6850f4f7e1c418120f2f9c16c",
  Grocery_and_Gourmet_Food: "ae9b32803a9f0ddf98222e00871e7a8ff7709e792f2ba8048131ca214617e33c",
  Health_and_Personal_Care: "387374ea5c9641a6e9dc09b93423414da4f8153b2975594e8b24c4bdd60b0462",
  Home_and_Kitchen: "b0dae06e0b147abbf31878b4d16075a77b6ca8b8a5005b1a0b153b9d3ed310b2",
  Kindle_Store: "616edbb9ee9b5e1f0212e0a75e226df3abb66548d833df3ea8a3c53942541200",
  Movies_and_TV: "05fd3bbb387bca99f16b7a64a26abb736429da416e3cc0cc7423483e9ec4c265",
  Musical_Instruments: "c541cf84fcc75d98cc595ebd856b0ebd351efce134671171c2de0d54b9573b9c",
  Office_Products: "4cd5f3d454e744b7017ad5918e995ec2893b577c2109dbaa6d65b375092f9630",
  Patio_Lawn_and_Garden: "8edc47c5fe860e97e34ab1f339835606e551b03bec13bc4f967693c1b04ad3c0",
  Pet_Supplies: "5f963b813439471b4b2ce10fa7e9293da5995e4ec61f29d54489996a857b3442",
  Sports_and_Outdoors: "a31a27e2f0cd85b50acd002378cf1a23a0b3f2659484defb3225a836118252d4",
  Tools_and_Home_Improvement: "ea650a9d79e69a78f011843104ecac2a3ed8059bf7405e5a19f3a25511c9d2c6",
  Toys_and_Games: "e28a342ca89a79036a9a840c0385a3a3342a08d3d3450ea3eaf3d544cd65d3af",
  Video_Games: "f0ca171050c2e0f208d47f5267992476b21ab68a01439c21c8be1a4432982cfa",
};

const CATEGORIES_2023: Record<string, string> = {
  All_Beauty: "54b894e68ad965aa73cdb80d8695c1ed37679c46f38b6f97b21ab0fb585aab24",
  Beauty_and_Personal_Care: "dd89a914e8c71d811c49a7e8fbdfc251c08bffb461b9544275e94018cb17f741",
  Books: "752e144c1d3804619711a6b21bd68a5505825064723bfcd5008ac26067abe04b",
  CDs_and_Vinyl: "1bade4e428efcffb549b6b7cb1f62a8cde9644e19a981a210b11a4c9c1561e75",
  Digital_Music: "dbd5ddd5398d0eb9cfe224c9cc60470ccfd9c55e76fc82653dd3f44f6796c2a1",
  Industrial_and_Scientific: "97aea590deb258f634caea04b63f038dceb5990bbc92cac87ce2a985f0f91595",
  Movies_and_TV: "aa927ae5a4fc5262bfa6152ce522349f828760035242fd7e02b1dc139e867156",
  Musical_Instruments: "042648a89f479aaa2af4664dcb49966dbaf07bd5ebab6957799f5fb4c5efa2e0",
  Office_Products: "f91b5cfb6ed5ff52afe3e2f3ecc7918cbd8745b3241a8fc61011c3a41f23920b",
  Sports_and_Outdoors: "110617511c7303ca34d157b7d62fd20a02e412c3639b4c6e307a951fadf0414c",
  Toys_and_Games: "170fc8a18797c6091cf1b07bb3d97c13c94bfa030cf76c430bb8cac0dfb47a9f",
  Video_Games: "30692f9806e33a7b5d8b599b73d7ca33dbfefb0abdfc1578052a101f2e64b3cd",
};

/** `Toys_and_Games` → `toys-and-games` */
const nameOf = (category: string) => category.toLowerCase().replaceAll("_", "-");
const titleOf = (category: string) => category.replaceAll("_", " ");
const pinned = (sha256: string) => ({ sha256, publisher: "OmniRec's copy" });

export const AMAZON: DatasetEntry[] = [
  ...Object.entries(CATEGORIES_2014).map(([category, checksum]): DatasetEntry => ({
    name: `amazon-${nameOf(category).replace(/^amazon-/, "")}`,
    title: `Amazon ratings, edition of 2014: ${titleOf(category)}`,
    homepage: "https://cseweb.ucsd.edu/~jmcauley/datasets/amazon/links.html",
    url: `https://snap.stanford.edu/data/amazon/productGraph/categoryFiles/ratings_${category}.csv`,
    checksum: pinned(checksum),
    interactions: {
      path: `ratings_${category}.csv`,
      read: {
        format: "csv",
        delimiter: ",",
        header: false,
        columns: ["user", "item", "rating", "timestamp"],
      },
    },
    counts: COUNTS_2014[category],
    licence: LICENCE,
    terms: TERMS,
    citation:
      "R. He and J. McAuley. 2016. Ups and Downs: Modeling the Visual Evolution of Fashion Trends with " +
      "One-Class Collaborative Filtering. WWW 2016; J. McAuley, C. Targett, J. Shi, A. van den Hengel. 2015. " +
      "Image-based Recommendations on Styles and Substitutes. SIGIR 2015",
  })),
  ...Object.entries(CATEGORIES_2023).map(([category, checksum]): DatasetEntry => ({
    name: `amazon-2023-${nameOf(category)}`,
    title: `Amazon ratings, edition of 2023: ${titleOf(category)}`,
    homepage: "https://amazon-reviews-2023.github.io/",
    url:
      `https://mcauleylab.ucsd.edu/public_datasets/data/amazon_2023/benchmark/0core/rating_only/${category}.csv.gz`,
    checksum: pinned(checksum),
    interactions: {
      path: `${category}.csv.gz`,
      read: {
        format: "csv",
        delimiter: ",",
        header: true,
        columns: ["user=user_id", "item=parent_asin", "rating=rating", "timestamp=timestamp"],
      },
    },
    licence: LICENCE,
    terms: TERMS,
    citation:
      "Y. Hou, J. Li, Z. He, A. Yan, X. Chen, J. McAuley. 2024. Bridging Language and Items for Retrieval " +
      "and Recommendation. arXiv:2403.03952",
  })),
];
