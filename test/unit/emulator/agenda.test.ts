import { expect, test } from "vitest";
import { EmulatorError } from "../../../src/emulator/emulator-error";
import { Agenda } from "../../../src/emulator/state/agenda";
import { Clock } from "../../../src/emulator/state/clock";
import fc from "../../random";

const frozen = (): Clock => new Clock({ startAt: 0, frozen: true });

test("whatever is added falls due once, in the order of time, and not before", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 1000 })),
      fc.array(fc.integer({ min: 1, max: 200 })),
      (times, steps) => {
        const clock = frozen();
        const done: number[] = [];
        const agenda = new Agenda<number>(
          clock,
          (subject, at) => {
            expect(subject).toBe(at);
            expect(at).toBeLessThanOrEqual(clock.now());
            done.push(at);
          },
          () => true,
        );
        for (const at of times) agenda.add(at, at);
        for (const step of [...steps, 1000]) {
          clock.advance(step);
          agenda.catchUp();
          expect(done).toHaveLength(times.filter((at) => at <= clock.now()).length);
        }
        expect(done).toEqual([...times].sort((a, b) => a - b));
      },
    ),
  );
});

test("work may add work, also for a time that has passed already", () => {
  const clock = frozen();
  const done: string[] = [];
  const agenda = new Agenda<string>(
    clock,
    (subject, at) => {
      done.push(subject);
      if (subject === "a") agenda.add(at + 5, "b");
    },
    () => true,
  );
  agenda.add(10, "a");
  agenda.add(20, "c");
  clock.advance(100);
  agenda.catchUp();
  expect(done).toEqual(["a", "b", "c"]);
});

test("what nobody wants any more does not pile up, and nothing else is lost", () => {
  const clock = frozen();
  const done: number[] = [];
  const agenda = new Agenda<number>(
    clock,
    (subject) => done.push(subject),
    (subject) => subject % 1000 === 0,
  );
  for (let subject = 50_000; subject > 0; subject -= 1) agenda.add(subject, subject);
  clock.advance(50_000);
  agenda.catchUp();
  expect(done.length).toBeLessThanOrEqual(10_000);
  expect(done.filter((subject) => subject % 1000 === 0)).toHaveLength(50);
});

test("by a running clock it rings by itself, and not after it was closed", async () => {
  const clock = new Clock();
  const done: string[] = [];
  const agenda = new Agenda<string>(
    clock,
    (subject) => done.push(subject),
    () => true,
  );
  agenda.add(clock.now() + 30, "later");
  agenda.add(clock.now() + 10, "soon");
  agenda.add(clock.now() + 86_400_000 * 60, "in two months");
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect(done).toEqual(["soon", "later"]);
  agenda.add(clock.now() + 10, "never");
  agenda.close();
  await new Promise((resolve) => setTimeout(resolve, 40));
  expect(done).toEqual(["soon", "later"]);
});

test("a clock moves forward only", () => {
  expect(() => frozen().advance(-1)).toThrow(EmulatorError);
  expect(() => frozen().advance(Number.NaN)).toThrow(EmulatorError);
  expect(() => new Clock({ startAt: "someday" })).toThrow(EmulatorError);
  expect(() => frozen().advance(86_400_000 * 1e9)).toThrow(EmulatorError);
});
