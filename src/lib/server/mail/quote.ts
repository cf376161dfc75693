// Somebody's own words inside a mail: each line behind `> `, so that they are never taken for ours.

/** The words as lines of a quotation, a blank line before and after; empty for none. Forms send CRLF. */
export const quote = (words: string): string => (words ? `\n${words.replace(/\r\n?|[\u2028\u2029]/g, '\n').replace(/^/gm, '> ')}\n` : '');

/** Without what a reader does not see and a line obeys: controls but the line's end, and marks that turn the direction of what follows. */
export const plain = (text: string): string => text.replace(/\r\n?|[\u2028\u2029]/g, '\n').replace(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/gu, '');
