import { describe, expect, it } from "vitest";
import { addDays, type Bound, type Calendar, dayOf, rangeFault, readDay } from "../../src/dates";
import fc from "../random";

const at = (now: string, zone = "Europe/London") => ({ now: new Date(now), zone });
const noon = at("2026-11-21T12:00:00Z");

function day(text: string, bound: Bound = "start", calendar: Calendar = noon): string {
  const read = readDay(text, bound, calendar);
  return "day" in read ? read.day : `fault: ${read.must}`;
}

describe("readDay", () => {
  it.each([
    ["2026-01-31", "2026-01-31"],
    ["0001-01-01", "0001-01-01"],
    ["9999-12-31", "9999-12-31"],
    ["today", "2026-11-21"],
    ["Today", "2026-11-21"],
    ["yesterday", "2026-11-20"],
    ["tomorrow", "2026-11-22"],
    ["0d", "2026-11-21"],
    ["7d", "2026-11-14"],
    ["365d", "2025-11-21"],
  ])("reads %s as %s, whatever it bounds", (text, expected) => {
    for (const bound of ["start", "end", "before"] as const) expect(day(text, bound)).toBe(expected);
  });

  it.each([
    ["2026-01", "2026-01-01", "2026-01-31", "2026-02-01"],
    ["2025-12", "2025-12-01", "2025-12-31", "2026-01-01"],
    ["2024-02", "2024-02-01", "2024-02-29", "2024-03-01"],
    ["2026-02", "2026-02-01", "2026-02-28", "2026-03-01"],
    ["this-month", "2026-11-01", "2026-11-30", "2026-12-01"],
    ["last-month", "2026-10-01", "2026-10-31", "2026-11-01"],
    ["9999-12", "9999-12-01", "9999-12-31", "fault: is in +010000, which does not exist in the calendar"],
  ])("reads the month %s as its first day, its last, and the first of the next", (text, start, end, before) => {
    expect([day(text, "start"), day(text, "end"), day(text, "before")]).toEqual([start, end, before]);
  });

  it.each([
    ["", "must not be empty"],
    ["  ", "must not be empty"],
    ["2026-02-30", "is 2026-02-30, which does not exist in the calendar"],
    ["2026-02-29", "is 2026-02-29, which does not exist in the calendar"],
    ["1900-02-29", "is 1900-02-29, which does not exist in the calendar"],
    ["2026-04-31", "is 2026-04-31, which does not exist in the calendar"],
    ["2026-01-00", "is 2026-01-00, which does not exist in the calendar"],
    ["2026-13-01", "is in 2026-13, which does not exist in the calendar"],
    ["2026-00", "is in 2026-00, which does not exist in the calendar"],
    ["0000-01-01", "is in 0000-01, which does not exist in the calendar"],
    ["03/01/2026", 'must be a date as YYYY-MM-DD, not "03/01/2026"'],
    ["banana", 'must be a date as YYYY-MM-DD, not "banana"'],
    ["constructor", 'must be a date as YYYY-MM-DD, not "constructor"'],
    ["2026", 'must be a date as YYYY-MM-DD, not "2026"'],
    ["2026-1-5", 'must be a date as YYYY-MM-DD, not "2026-1-5"'],
    ["20260131", 'must be a date as YYYY-MM-DD, not "20260131"'],
    ["-7d", 'must be a date as YYYY-MM-DD, not "-7d"'],
    ["7.5d", 'must be a date as YYYY-MM-DD, not "7.5d"'],
    ["999999d", 'must be a date as YYYY-MM-DD, not "999999d"'],
    [" 2026-01-31", 'must be a date as YYYY-MM-DD, not " 2026-01-31"'],
    ["x".repeat(500), `must be a date as YYYY-MM-DD, not "${"x".repeat(59)}…"`],
    ["2026-01-31T10:00:00Z", 'must be a date without a time, not "2026-01-31T10:00:00Z"'],
    ["2026-01-31 10:00", 'must be a date without a time, not "2026-01-31 10:00"'],
    ["10:00", 'must be a date without a time, not "10:00"'],
  ])("refuses %j and says which rule it breaks", (text, must) => {
    for (const bound of ["start", "end", "before"] as const) {
      expect(readDay(text, bound, noon)).toEqual({ must, hint: expect.stringMatching(/\w/) });
    }
  });

  it("names the last day of a month that is shorter than was thought", () => {
    expect(readDay("2024-02-30", "start", noon)).toMatchObject({ hint: "2024-02 ends on 2024-02-29" });
  });

  it("names the forms that are taken", () => {
    expect(readDay("banana", "start", noon)).toMatchObject({
      hint: "use YYYY-MM-DD, today, yesterday, 7d (seven days ago), 2026-01 (a month), last-month or this-month",
    });
  });

  // Clocks go forward on 29 March 2026 at 01:00 UTC and back on 25 October 2026 at 01:00 UTC.
  it.each([
    ["2026-03-28T23:59:59Z", "2026-03-28", "2026-03-27"],
    ["2026-03-29T00:00:00Z", "2026-03-29", "2026-03-28"],
    ["2026-03-29T22:59:59Z", "2026-03-29", "2026-03-28"],
    ["2026-03-29T23:00:00Z", "2026-03-30", "2026-03-29"],
    ["2026-10-24T22:59:59Z", "2026-10-24", "2026-10-23"],
    ["2026-10-24T23:00:00Z", "2026-10-25", "2026-10-24"],
    ["2026-10-25T23:59:59Z", "2026-10-25", "2026-10-24"],
    ["2026-10-26T00:00:00Z", "2026-10-26", "2026-10-25"],
  ])("knows at %s that it is %s in London, and yesterday was %s", (now, today, yesterday) => {
    expect([day("today", "start", at(now)), day("yesterday", "start", at(now))]).toEqual([today, yesterday]);
  });

  it("counts days back over both clock changes", () => {
    expect(day("1d", "start", at("2026-03-30T12:00:00Z"))).toBe("2026-03-29");
    expect(day("7d", "start", at("2026-10-28T00:30:00Z"))).toBe("2026-10-21");
  });

  it("takes months from the clock on the wall in London", () => {
    expect(day("this-month", "start", at("2026-06-30T23:30:00Z"))).toBe("2026-07-01");
    expect(day("last-month", "end", at("2026-06-30T22:30:00Z"))).toBe("2026-05-31");
  });

  it("crosses the ends of years and leap days", () => {
    expect(day("yesterday", "start", at("2026-01-01T00:00:00Z"))).toBe("2025-12-31");
    expect(day("tomorrow", "start", at("2025-12-31T23:00:00Z"))).toBe("2026-01-01");
    expect(day("last-month", "start", at("2026-01-15T12:00:00Z"))).toBe("2025-12-01");
    expect(day("this-month", "before", at("2026-12-15T12:00:00Z"))).toBe("2027-01-01");
    expect(day("yesterday", "start", at("2024-03-01T12:00:00Z"))).toBe("2024-02-29");
    expect(day("last-month", "end", at("2024-03-31T12:00:00Z"))).toBe("2024-02-29");
    expect(day("365d", "start", at("2024-12-31T12:00:00Z"))).toBe("2024-01-01");
  });

  it("says today as the zone of ATOA_TZ has it", () => {
    const now = "2026-11-21T12:00:00Z";
    expect(day("today", "start", at(now, "Pacific/Kiritimati"))).toBe("2026-11-22");
    expect(day("today", "start", at("2026-11-21T03:00:00Z", "America/New_York"))).toBe("2026-11-20");
  });

  it("refuses a zone that does not exist, once it matters", () => {
    const nowhere = at("2026-11-21T12:00:00Z", "Europe/Atlantis");
    expect(day("2026-01-31", "start", nowhere)).toBe("2026-01-31");
    expect(() => day("today", "start", nowhere)).toThrow('ATOA_TZ is "Europe/Atlantis", which is not a time zone');
  });

  it("takes exactly the days that a walk through the calendar meets", () => {
    const existing = new Set<string>();
    for (let time = Date.UTC(1999, 0, 1); time < Date.UTC(2033, 0, 1); time += 86_400_000) {
      existing.add(new Date(time).toISOString().slice(0, 10));
    }
    const two = (number: number) => String(number).padStart(2, "0");
    for (let year = 1999; year <= 2032; year += 1) {
      for (let month = 0; month <= 13; month += 1) {
        for (let number = 0; number <= 32; number += 1) {
          const text = `${year}-${two(month)}-${two(number)}`;
          expect("day" in readDay(text, "start", noon), text).toBe(existing.has(text));
        }
      }
    }
  });

  it("gives a day or a fault for any text", () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom("start", "end", "before"), (text, bound) => {
        const read = readDay(text, bound, noon);
        if ("day" in read) expect(read.day).toMatch(/^\d{4}-\d{2}-\d{2}$/);
        else expect(read.must).toMatch(/^(must|is) /);
      }),
    );
  });
});

describe("the zone of a calendar", () => {
  it("is London's, unless another one is named", () => {
    const midnight = { now: new Date("2026-07-01T23:30:00Z") };
    expect(day("today", "start", midnight)).toBe("2026-07-02");
    expect(day("today", "start", { ...midnight, zone: "" })).toBe("2026-07-02");
    expect(day("today", "start", { ...midnight, zone: "America/New_York" })).toBe("2026-07-01");
  });
});

describe("rangeFault", () => {
  it("takes a range of one day and more", () => {
    expect(rangeFault("2026-01-31", "2026-01-31", "end")).toBeUndefined();
    expect(rangeFault("2026-01-31", "2026-02-01", "before")).toBeUndefined();
  });

  it("refuses a range that ends before it begins", () => {
    expect(rangeFault("2026-02-01", "2026-01-31", "end")?.must).toBe(
      "is 2026-01-31, before the range begins on 2026-02-01",
    );
    expect(rangeFault("2026-02-01", "2026-02-01", "before")?.must).toBe(
      "is 2026-02-01, which leaves no days in a range that begins on 2026-02-01",
    );
  });
});

describe("dayOf", () => {
  it("is the day in UTC of a timestamp, and nothing for what is none", () => {
    expect(dayOf("2026-03-29T00:30:00+01:00")).toBe("2026-03-28");
    expect([dayOf("banana"), dayOf(""), dayOf(1), dayOf(undefined)]).toEqual(Array(4).fill(undefined));
  });

  it("addDays counts over clock changes, leap days and years", () => {
    expect([addDays("2026-03-28", 2), addDays("2028-02-28", 1), addDays("2026-01-01", -1)]).toEqual([
      "2026-03-30",
      "2028-02-29",
      "2025-12-31",
    ]);
  });
});
