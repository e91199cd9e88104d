/** Names that are close to what was typed, best first: at most three. */
export function nearest(typed: string, names: Iterable<string>): string[] {
  const limit = Math.max(2, Math.ceil(typed.length / 3));
  return [...new Set(names)]
    .map((name) => ({ name, distance: startsAlike(typed, name) ? 1 : editDistance(typed, name) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** "did you mean `a` or `b`?", or the fallback when nothing is close. */
export function didYouMean(typed: string, names: Iterable<string>, fallback: string): string {
  return anyOf(nearest(typed, names), fallback);
}

/** The question for names that are known to be close. */
export function anyOf(close: readonly string[], fallback: string): string {
  if (close.length === 0) return fallback;
  return `did you mean ${close
    .slice(0, 3)
    .map((name) => `\`${name}\``)
    .join(" or ")}?`;
}

function startsAlike(typed: string, name: string): boolean {
  return typed.length >= 3 && name.toLowerCase().startsWith(typed.toLowerCase());
}

/** Levenshtein distance without regard to case; bounded input, since argv may hold anything. */
function editDistance(left: string, right: string): number {
  const [a, b] = [left.slice(0, 64).toLowerCase(), right.slice(0, 64).toLowerCase()];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let col = 1; col <= b.length; col++) {
      const swap = (previous[col - 1] ?? 0) + (a[row - 1] === b[col - 1] ? 0 : 1);
      current.push(Math.min(swap, (previous[col] ?? 0) + 1, (current[col - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
