// One line of text as people type it into a form.

import { z } from 'zod';

/** A line of at most so many characters, without control or invisible direction marks. */
export const line = (maximum: number) =>
	z
		.string()
		.trim()
		.min(1)
		.max(maximum)
		.regex(/^[^\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*$/u);
