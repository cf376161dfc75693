// Other people's parsers (raster, OCR, conversion) as the domain sees them: bytes in, bytes out, and nothing else of this machine.

export interface Limits {
	/** Address space of each process, in bytes. */
	readonly memory: number;
	/** Processor time of each process, in seconds. */
	readonly cpu: number;
	/** From start to end, in seconds. */
	readonly wall: number;
	/** What it may write to its standard output, in bytes. */
	readonly output: number;
	/** What it may keep in files, input included, in bytes; they are in memory and gone with it. */
	readonly scratch: number;
	/** Processes and threads at once. */
	readonly processes: number;
}

export interface Command {
	/** A program of /usr/bin. */
	readonly program: string;
	readonly arguments: readonly string[];
	/** Files in its working directory, by name (letters, digits, `.`, `-`). */
	readonly files?: Readonly<Record<string, Uint8Array>>;
	readonly limits: Limits;
}

export interface Outcome {
	/** Exit status; 128 + n when signal n ended it. */
	readonly status: number;
	/** Which of our own watches ended it: the wall clock, or the length of its output. */
	readonly stopped: null | 'wall' | 'output';
	/** Its standard output, as far as it got. */
	readonly output: Uint8Array;
	/** The end of its standard error. It may quote the input: not for logs. */
	readonly complaint: string;
}

export interface Sandbox {
	/** Runs it without network, home, secrets or environment. Resolves however the program ended; throws when it could not be started. */
	run(command: Command): Promise<Outcome>;
	/** Whether a program of /usr/bin is installed. */
	has(program: string): boolean;
}
