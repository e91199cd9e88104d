/** What vitest does for every test file, also where several share a process. */
import { afterAll } from "vitest";
import { cleanUp } from "./after-file";

afterAll(cleanUp);
