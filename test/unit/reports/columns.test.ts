import { LosslessNumber } from "lossless-json";
import { describe, expect, it } from "vitest";
import { Columns, fieldAt, readColumns } from "../../../src/reports/columns";

const item = {
  id: "a",
  store: { id: "s", name: "Bath", at: { x: 1 } },
  amount: new LosslessNumber("10.50"),
  list: [{ y: 1 }],
};

describe("columns", () => {
  it.each([
    ["amount,id", { amount: item.amount, id: "a" }],
    ["store.name,id,store.id", { store: { name: "Bath", id: "s" }, id: "a" }],
    ["store", { store: item.store }],
    ["store.id,store", { store: item.store }],
    ["store,store.id", { store: item.store }],
    ["store.at.x", { store: { at: { x: 1 } } }],
    ["list", { list: [{ y: 1 }] }],
    ["nothing,id", { id: "a" }],
    ["id.nothing", {}],
  ])("%s chooses and orders fields, and keeps their nesting", (names, expected) => {
    const chosen = new Columns(readColumns(names)).of(item);
    expect(JSON.stringify(chosen)).toBe(JSON.stringify(expected));
  });

  it("reads names with blanks around them, each once", () => {
    expect(readColumns(" a , b.c,,a")).toEqual(["a", "b.c"]);
  });

  it.each(["", ",", " , "])("refuses %j", (text) => {
    expect(() => readColumns(text)).toThrow("--columns must name at least one field");
  });

  it("refuses a name that is nowhere, and says those that exist", () => {
    const columns = new Columns(["id", "stor"]);
    columns.of(item);
    expect(() => columns.check()).toThrow('--columns: unknown field "stor"');
    expect(() => columns.check()).toThrow(
      expect.objectContaining({
        hint: "choose from id, store, store.id, store.name, store.at, store.at.x, amount, list",
      }),
    );
  });

  it("takes a name that is listed, or that a later item has, and any name when there are no items", () => {
    const listed = new Columns(["orderId", "store.name"], ["orderId"]);
    listed.of({ id: "b" });
    listed.of(item);
    expect(() => listed.check()).not.toThrow();
    expect(() => new Columns(["x"]).check()).not.toThrow();
  });

  it("finds only what an item owns", () => {
    expect(
      ["toString", "__proto__", "store.constructor", "amount.value", "list.length"].map((path) => fieldAt(item, path)),
    ).toEqual(Array(5).fill(undefined));
    expect(new Columns(["__proto__", "id"]).of({ id: 1 })).toEqual({ id: 1 });
    expect(JSON.stringify(new Columns(["__proto__"]).of(JSON.parse('{"__proto__":1}')))).toBe('{"__proto__":1}');
  });

  it("lets through what has no fields", () => {
    const columns = new Columns(["id"]);
    expect([columns.of("x"), columns.of(null), columns.of([1])]).toEqual(["x", null, [1]]);
    expect(() => columns.check()).not.toThrow();
  });
});
