import document from "../../../spec/emulator-openapi.yaml";
import { Specification } from "../api/specification";
import { badRequest } from "../emulator-error";

/** The law of the control API: its own OpenAPI file. */
export const control = new Specification(document);

/**
 * Holds what the library is given to the same law as a body over HTTP: not every caller has types.
 * @throws EmulatorError bad-request
 */
export function lawful<T>(operationId: string, body: T): T {
  const operation = control.operations.find(({ id }) => id === operationId);
  const problem = operation === undefined ? `There is no ${operationId}` : control.bodyProblem(operation, body);
  if (problem !== undefined) throw badRequest(problem);
  return body;
}
