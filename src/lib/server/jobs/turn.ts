// Who goes first in one worker: what somebody holding a phone waits for. The rest begins between: one of a line where that is short, all of it where nobody waits.

interface Times {
	/** Most that a line is held back, milliseconds: under a load that never ends it goes on all the same. */
	readonly longest: number;
	/** How long it then goes on, one after the other, before it is held back again, milliseconds. */
	readonly slice: number;
	/** For so long nobody must have waited before those of a line run side by side. */
	readonly calmAfter: number;
}

/** Runs one of the rest when it is its turn; those that came first begin first. */
export type Line = <T>(act: () => Promise<T>) => Promise<T>;

export interface Turns {
	/** Runs what someone waits for, at once. */
	first<T>(act: () => Promise<T>): Promise<T>;
	/** A new line; none waits for another. */
	line(): Line;
}

export function createTurns({ longest, slice, calmAfter }: Times = { longest: 5_000, slice: 500, calmAfter: 250 }): Turns {
	let running = 0;
	let calm = true;
	let calming: NodeJS.Timeout | undefined;
	const looks: (() => void)[] = [];
	const lookAll = () => looks.forEach((look) => look());

	function line(): Line {
		const waiting: (() => void)[] = [];
		let begun = 0;
		let until = 0;
		let patience: NodeJS.Timeout | undefined;
		const begin = () => {
			begun++;
			waiting.shift()!();
		};
		const look = () => {
			while (waiting.length && (begun === 0 ? running === 0 || performance.now() < until : calm)) begin();
			if (!waiting.length) {
				clearTimeout(patience);
				patience = undefined;
			} else {
				patience ??= setTimeout(() => {
					patience = undefined;
					until = performance.now() + slice;
					begin();
					look();
				}, longest);
			}
		};
		looks.push(look);
		return async (act) => {
			await new Promise<void>((go) => {
				waiting.push(go);
				look();
			});
			try {
				return await act();
			} finally {
				begun--;
				look();
			}
		};
	}

	return {
		line,
		async first(act) {
			running++;
			calm = false;
			clearTimeout(calming);
			try {
				return await act();
			} finally {
				if (--running === 0) {
					calming = setTimeout(() => {
						calm = true;
						lookAll();
					}, calmAfter);
					lookAll();
				}
			}
		}
	};
}
