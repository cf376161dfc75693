// Text that takes the shorter ways: it needs no turning, and its words are laid out one by one.

/** Whole letters of scripts that run from left to right, and what stands between them: nothing here turns, joins or is silent. */
export const plain = /^[\u0020-\u007e\u00a0-\u00ac\u00ae-\u024f\u1e00-\u1eff\u2010-\u2026\u2030-\u205e\u20ac]*$/;
