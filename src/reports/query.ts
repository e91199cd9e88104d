/**
 * `--query`: JMESPath over a response. Three things are ours. Fields are looked up among an object's own, so that
 * `__proto__` selects null. Arithmetic and comparisons are exact, and refuse amounts that are text instead of answering
 * with a float or an empty list. And what a query merely selects keeps its digits.
 *
 * The library parses, and walks the tree; before it does, each node whose meaning is ours becomes a call of one of our
 * functions.
 */
import { compile, TreeInterpreter, tokenize } from "@jmespath-community/jmespath";
import { AtoaError, usageError } from "../errors";
import { functions, own } from "./query-functions";

type Node = ReturnType<typeof compile>;

export interface Query {
  /** @throws a usage error when the query asks for something that cannot be computed from this value */
  run(value: unknown): unknown;
}

for (const [name, { signature, run }] of Object.entries(functions)) {
  TreeInterpreter.runtime.registerFunction(name, run, signature, { override: true });
}

/** @throws a usage error with the position of the fault, or with the name of a function that does not exist */
export function parseQuery(text: string): Query {
  const tree = ours(parsed(text));
  return {
    run(value) {
      try {
        return TreeInterpreter.search(tree, value as Parameters<typeof TreeInterpreter.search>[1]);
      } catch (error) {
        throw inOurWords(error);
      }
    },
  };
}

function parsed(text: string): Node {
  try {
    return compile(text);
  } catch (error) {
    if (error instanceof RangeError) throw refused("is nested too deeply", "write a shorter expression");
    const at = faultAt(text);
    const found = at >= text.length ? "it ends too early" : `unexpected ${JSON.stringify(text.slice(at, at + 10))}`;
    throw refused(
      `is not a JMESPath expression: ${found} at position ${at + 1}`,
      "see https://jmespath.org for its rules",
    );
  }
}

/** Where the text stops being an expression: the library says only that it does. */
function faultAt(text: string): number {
  const readable = (end: number) => attempt(() => tokenize(text.slice(0, end))) === undefined;
  if (!readable(text.length)) {
    let end = text.length - 1;
    while (!readable(end)) end -= 1;
    return end;
  }
  const starts = [...tokenize(text).map(({ start }) => start), text.length];
  // The first words that no continuation could save: the fault is in the last of them.
  const hopeless = (words: number) =>
    /^(?!.*\bEOF\b)/.test(attempt(() => compile(text.slice(0, starts[words])))?.message ?? "EOF");
  let [low, high] = [0, starts.length - 1];
  if (!hopeless(high)) return text.length;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (hopeless(middle)) high = middle;
    else low = middle;
  }
  return starts[low] ?? text.length;
}

function attempt(work: () => unknown): Error | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new AtoaError({ kind: "usage", message: String(error), hint: "" });
  }
}

/** The tree with each node whose meaning is ours as a call of our function. */
function ours(node: Node): Node {
  switch (node.type) {
    case "Field":
      return call(own.field, [{ type: "Current" }, { type: "Literal", value: node.name }]);
    case "Comparator":
      return call(own.compare, [{ type: "Literal", value: node.name }, ours(node.left), ours(node.right)]);
    case "Arithmetic":
      return call(own.calculate, [{ type: "Literal", value: node.operator }, ours(node.left), ours(node.right)]);
    case "Unary":
      return call(own.calculate, [
        { type: "Literal", value: node.operator },
        { type: "Literal", value: 0 },
        ours(node.operand),
      ]);
    case "MultiSelectHash":
      return call(own.object, [
        { type: "Literal", value: node.children.map(({ name }) => name) },
        { type: "MultiSelectList", children: node.children.map(({ value }) => ours(value)) },
      ]);
    case "ValueProjection":
      return { ...node, left: call(own.record, [ours(node.left)]), right: ours(node.right) };
    case "Function":
      return functionCall(node.name, node.children);
    case "ExpressionReference":
      throw refused("has an & outside the arguments of a function", "for example: sort_by(@, &createdAt)");
    case "FilterProjection":
      return { ...node, left: ours(node.left), right: ours(node.right), condition: ours(node.condition) };
    case "Ternary":
      return {
        ...node,
        condition: ours(node.condition),
        trueExpr: ours(node.trueExpr),
        falseExpr: ours(node.falseExpr),
      };
    case "LetExpression":
      return {
        ...node,
        bindings: node.bindings.map((binding) => ({ ...binding, reference: ours(binding.reference) })),
        expression: ours(node.expression),
      };
    case "Binding":
      return { ...node, reference: ours(node.reference) };
    case "MultiSelectList":
      return { ...node, children: node.children.map(ours) };
    case "Flatten":
    case "NotExpression":
      return { ...node, child: ours(node.child) };
    case "AndExpression":
    case "OrExpression":
    case "IndexExpression":
    case "Pipe":
    case "Projection":
    case "Subexpression":
      return { ...node, left: ours(node.left), right: ours(node.right) };
    default:
      return node;
  }
}

function call(name: string, children: Node[]): Node {
  return { type: "Function", name, children };
}

/** Unknown functions and a wrong number of arguments are found before anything is sent. */
function functionCall(name: string, args: readonly Node[]): Node {
  const table = TreeInterpreter.runtime._functionTable;
  const known = Object.hasOwn(table, name) ? table[name] : undefined;
  if (known === undefined)
    throw refused(
      `calls ${name}(), which does not exist`,
      "see https://jmespath.org for the functions; pence() and pounds() are atoa's own",
    );
  const signature = known._signature;
  const least = signature.filter(({ optional }) => optional !== true).length;
  const most = signature.at(-1)?.variadic === true ? Number.POSITIVE_INFINITY : signature.length;
  if (args.length < least || args.length > most) {
    const wanted = most === least ? `${least}` : `${least} or more`;
    throw refused(`calls ${name}() with ${args.length} arguments; it takes ${wanted}`, "see https://jmespath.org");
  }
  return call(
    name,
    args.map((arg) => (arg.type === "ExpressionReference" ? { ...arg, child: ours(arg.child) } : ours(arg))),
  );
}

function inOurWords(error: unknown): unknown {
  if (error instanceof AtoaError) return error;
  if (error instanceof RangeError) return refused("is nested too deeply", "write a shorter expression");
  const why =
    error instanceof Error ? error.message.replace(/^(Invalid type|invalid value|invalid-value)[:,] /i, "") : "";
  return refused(`cannot be computed from this response: ${why}`, "look at the response without --query first");
}

function refused(what: string, hint: string): AtoaError {
  return usageError(`--query ${what}`, hint, "--query");
}
