// What a command cannot understand; the message says how it is used.

export class Misuse extends Error {
	override name = 'Misuse';
}
