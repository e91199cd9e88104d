import fc from "fast-check";
import { seed } from "./seed";

/** fast-check, with the seed of this run: the same one wherever a change is judged. */
fc.configureGlobal({ seed });

export default fc;
