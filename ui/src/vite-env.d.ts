/// <reference types="svelte" />
/// <reference types="vite/client" />

/** What others made: see parts.mjs. */
declare module 'virtual:parts' {
  /** How many crates and packages the programs are made with. */
  export const count: number;
}

declare module 'virtual:licences' {
  export interface Part {
    name: string;
    version: string;
    licence: string;
    /** Where in `texts` its licences are. */
    texts: number[];
  }

  const licences: { texts: string[]; own: number[]; parts: Part[] };
  export default licences;
}
