// File names: kept exactly as given, or refused with the reason. Never changed on the quiet.

import { DomainError } from '../errors.ts';

 
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const direction = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/; // a name must not read other than it is
const separator = /[/\\]/;

/**
 * The name itself, unchanged: 1 to 255 characters. `invalid` otherwise: `name-empty`, `name-long`, `name-control` (NUL, CR, LF, ESC …),
 * `name-direction` (bidirectional marks), `name-path` (`/`, `\`, `.`, `..`), `name-encoding` (half a character).
 */
export function checkName(name: string): string {
	const refuse = (reason: string) => new DomainError('invalid', reason);
	if (!name.trim()) throw refuse('name-empty');
	if (!name.isWellFormed()) throw refuse('name-encoding');
	if ([...name].length > 255) throw refuse('name-long');
	if (control.test(name)) throw refuse('name-control');
	if (direction.test(name)) throw refuse('name-direction');
	if (separator.test(name) || name === '.' || name === '..') throw refuse('name-path');
	return name;
}
