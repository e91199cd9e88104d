/** What tests need of Markdown: tables, fenced blocks, links. */

/** Rows of every table whose header starts with this cell; cells as text. */
export function tableRows(markdown: string, firstHeader: string): string[][] {
  const lines = markdown.split("\n");
  const start = lines.findIndex((line) => cells(line)[0] === firstHeader);
  if (start === -1) throw new Error(`no table starts with the column "${firstHeader}"`);
  const rows: string[][] = [];
  for (let index = start + 2; lines[index]?.startsWith("|"); index++) rows.push(cells(lines[index] ?? ""));
  return rows;
}

function cells(line: string): string[] {
  if (!line.startsWith("|")) return [];
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/** Texts in backticks, in order; in two of each, where the text holds one itself. */
export function codeWords(cell: string): string[] {
  return [...cell.matchAll(/(`+)(.+?)\1(?!`)/g)].map((match) => (match[2] ?? "").trim());
}

export interface Block {
  readonly language: string;
  readonly text: string;
  /** Line of the opening fence, counted from 1. */
  readonly line: number;
  /** Text of the HTML comment right above, which tells a test what to do with the block. */
  readonly note: string | undefined;
}

export function fencedBlocks(markdown: string): Block[] {
  const lines = markdown.split("\n");
  const blocks: Block[] = [];
  for (let index = 0; index < lines.length; index++) {
    const language = /^```(\w*)$/.exec(lines[index] ?? "")?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf("```", index + 1);
    const note = /^<!-- (.*) -->$/.exec(lines[index - 1] ?? "")?.[1];
    blocks.push({ language, text: `${lines.slice(index + 1, end).join("\n")}\n`, line: index + 1, note });
    index = end;
  }
  return blocks;
}
