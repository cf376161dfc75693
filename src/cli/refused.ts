// What a command understands and will not do, or could not; the message says why.

export class Refused extends Error {
	override name = 'Refused';
}
