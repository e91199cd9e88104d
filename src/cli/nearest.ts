/** Names that are close to what was typed, best first: at most three. */
export function nearest(typed: string, names: Iterable<string>): string[] {
  const limit = typed.length <= 4 ? 1 : Math.min(5, Math.max(2, Math.ceil(typed.length / 4)));
  const lengthApart = (name: string) => Math.abs(name.length - typed.length);
  return [...new Set(names)]
    .map((name) => ({ name, distance: startsAlike(typed, name) ? 1 : editDistance(typed, name) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || lengthApart(a.name) - lengthApart(b.name) || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** "did you mean `a` or `b`?", or the fallback when nothing is close. */
export function didYouMean(close: readonly string[], fallback: string): string {
  if (close.length === 0) return fallback;
  return `did you mean ${close
    .slice(0, 3)
    .map((name) => `\`${name}\``)
    .join(" or ")}?`;
}

function startsAlike(typed: string, name: string): boolean {
  return typed.length >= 3 && name.toLowerCase().startsWith(typed.toLowerCase());
}

/** Edits (a letter more, less, other, or two swapped) without regard to case; bounded input, since argv may hold anything. */
function editDistance(left: string, right: string): number {
  const [a, b] = [left.slice(0, 64).toLowerCase(), right.slice(0, 64).toLowerCase()];
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let col = 1; col <= b.length; col++) {
      const other = (previous[col - 1] ?? 0) + (a[row - 1] === b[col - 1] ? 0 : 1);
      const swapped = row > 1 && col > 1 && a[row - 1] === b[col - 2] && a[row - 2] === b[col - 1];
      const swap = swapped ? (beforePrevious[col - 2] ?? 0) + 1 : other;
      current.push(Math.min(other, swap, (previous[col] ?? 0) + 1, (current[col - 1] ?? 0) + 1));
    }
    [beforePrevious, previous] = [previous, current];
  }
  return previous[b.length] ?? 0;
}
