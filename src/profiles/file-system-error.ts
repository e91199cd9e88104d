/** Turns what the file system says about our files into words, each with a way out. */
import { AtoaError } from "../errors";
import { shellWord } from "../text";

const reasons: Readonly<Record<string, { why: string; next: (path: string) => string }>> = {
  EACCES: {
    why: "permission denied",
    next: (path) => `check who owns it: ls -ld ${shellWord(path)}; or set ATOA_HOME to a directory of yours`,
  },
  EPERM: {
    why: "not permitted",
    next: (path) => `check who owns it: ls -ld ${shellWord(path)}; or set ATOA_HOME to a directory of yours`,
  },
  EROFS: { why: "the file system is read-only", next: () => "set ATOA_HOME to a directory that can be written to" },
  ENOSPC: { why: "no space left on the device", next: () => "free some space and run this again" },
  EDQUOT: { why: "your disk quota is used up", next: () => "free some space and run this again" },
  ENOTDIR: {
    why: "part of the path is a file, not a directory",
    next: () => "move that file away, or set ATOA_HOME to a directory",
  },
  EISDIR: { why: "it is a directory", next: () => "move it away, or run `atoa reset --yes` and log in again" },
  EEXIST: { why: "something else is in its place", next: () => "move it away, or set ATOA_HOME to a directory" },
  ELOOP: {
    why: "it is a symbolic link",
    next: () => "put the file itself there, or set ATOA_HOME to the directory that it points into",
  },
  ENAMETOOLONG: { why: "the path is too long", next: () => "set ATOA_HOME to a shorter path" },
  EMFILE: { why: "too many files are open", next: () => "close some programs, or raise the limit (ulimit -n)" },
  ENOENT: { why: "part of the path does not exist", next: () => "set ATOA_HOME to a directory that exists" },
};

export function errnoOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/**
 * The error to throw for a failed file operation.
 * @param action what was refused, as in "read" or "write"
 */
export function fileSystemError(action: string, path: string, error: unknown): AtoaError {
  if (error instanceof AtoaError) return error;
  const code = errnoOf(error);
  const known = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  return new AtoaError({
    kind: "failure",
    message: `Cannot ${action} ${path}: ${known?.why ?? (code || "unexpected file error")}`,
    hint: known?.next(path) ?? "check the directory, or set ATOA_HOME to another one",
    cause: error,
  });
}
