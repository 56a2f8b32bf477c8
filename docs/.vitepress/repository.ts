/** Where the sources are browsed. The one place that names the repository: a fork changes this line. */
export const REPOSITORY = "https://github.com/eightfold/eightfold";

/** The address of a file or folder, given from the root of the repository; `lines` as in `#L3-L9`. */
export function sourceUrl(path: string, lines = ""): string {
  return `${REPOSITORY}/blob/main/${path}${lines}`;
}
