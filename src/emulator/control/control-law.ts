import document from "../../../spec/emulator-openapi.yaml";
import { Specification } from "../api/specification";

/** The law of the control API: its own OpenAPI file. */
export const control = new Specification(document);
