// Hashes of evidence records, weakest first.

export const recordHashes = ['SHA-256', 'SHA-384', 'SHA-512'] as const;
export type RecordHash = (typeof recordHashes)[number];

/** Records under these are renewed by a hash tree under `hash`. */
export const weakerThan = (hash: RecordHash): RecordHash[] => recordHashes.slice(0, recordHashes.indexOf(hash));
