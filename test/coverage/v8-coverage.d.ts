/** The package ships no types of its own. */
declare module "@bcoe/v8-coverage" {
  export interface Range {
    startOffset: number;
    endOffset: number;
    count: number;
  }
  export interface ScriptCov {
    url: string;
    functions: { functionName: string; ranges: Range[]; isBlockCoverage: boolean }[];
  }
  export interface ProcessCov {
    result: ScriptCov[];
  }
  export function mergeProcessCovs(processes: readonly ProcessCov[]): ProcessCov;
}
