import { table, tryRows } from "./table.ts";

tryRows(table.filter(({ isLong }) => !isLong));
