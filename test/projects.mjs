// @ts-check
/** A folder of tests for each question. What a project runs at a desk; everything of it runs in CI. See README.md. */

/** @typedef {{ name: string, seconds: number, desk: readonly string[], isolate?: boolean, last?: boolean }} Project */
/** @typedef {Omit<Project, "desk"> & { include: string[] }} Included its files, as patterns */

/**
 * `seconds`: how long one test may take. `desk`: its files, as glob patterns below its folder. `isolate`: every file has a
 * process of its own, because it puts something in the place of a module; the others share, and load everything once.
 * @type {readonly Project[]}
 */
const projects = [
  { name: "unit", seconds: 20, desk: ["**/*"] },
  { name: "mocked", seconds: 20, desk: ["**/*"], isolate: true },
  { name: "e2e", seconds: 60, desk: ["**/*"] },
  { name: "docs", seconds: 60, desk: ["**/*"] },
  { name: "fuzz", seconds: 300, desk: ["**/*"] },
  { name: "network", seconds: 120, desk: ["hostile-servers", "lost-answers"] },
  { name: "browser", seconds: 60, desk: [] },
  { name: "shells", seconds: 60, desk: ["bash"] },
  { name: "keychain", seconds: 60, desk: [] },
  { name: "pack", seconds: 60, desk: [] },
  // In CI after all others, since theirs are limits of time.
  { name: "load", seconds: 300, desk: ["**/*"], last: true },
];

/** @param {Project} project @param {readonly string[]} files @returns {string[]} */
const testsIn = ({ name }, files) => files.map((each) => `test/${name}/${each}.test.ts`);

/** Every project whole. @returns {Included[]} */
export const wholeProjects = () => projects.map((project) => ({ ...project, include: testsIn(project, ["**/*"]) }));

/**
 * What runs at a desk. Only files of one project share processes, and each process loads the emulator and its
 * specification anew: as one project, all of it takes a tenth less.
 * @returns {Included[]}
 */
export function deskProjects() {
  const sharing = projects.filter(({ isolate }) => !isolate);
  const seconds = Math.max(...sharing.map((project) => project.seconds));
  return [
    { name: "desk", seconds, include: sharing.flatMap((project) => testsIn(project, project.desk)) },
    ...projects
      .filter(({ isolate }) => isolate)
      .map((project) => ({ ...project, include: testsIn(project, project.desk) })),
  ];
}

/** What a run at a desk leaves out, for its last lines. */
export function leftOut() {
  const whole = projects.filter(({ desk }) => desk.length === 0).map(({ name }) => name);
  const part = projects.filter(({ desk }) => desk.length > 0 && !desk.includes("**/*")).map(({ name }) => name);
  return (
    `Left to CI: the projects ${whole.join(", ")}, most of ${part.join(" and ")}; every command line as a process of its own;\n` +
    "full sizes of fuzz, load, chaos and crashes; coverage. Here: ATOA_TEST_FULL=1 npm test, or npm test -- --project shells.\n"
  );
}
