// Who goes first in one worker: what somebody holding a phone waits for. The rest begins when none of it runs, or after a while all the same.

/** Most that the rest is held back, milliseconds: under a load that never ends it goes on, slowly. */
const longest = 5_000;

export interface Turns {
	/** Runs what someone waits for, at once. */
	first<T>(act: () => Promise<T>): Promise<T>;
	/** Runs the rest, once nothing that someone waits for runs. */
	later<T>(act: () => Promise<T>): Promise<T>;
}

export function createTurns(most = longest): Turns {
	let running = 0;
	const waiting = new Set<() => void>();
	const free = () =>
		new Promise<void>((go) => {
			const begin = () => {
				clearTimeout(timer);
				waiting.delete(begin);
				go();
			};
			const timer = setTimeout(begin, most);
			waiting.add(begin);
		});
	return {
		async first(act) {
			running++;
			try {
				return await act();
			} finally {
				if (--running === 0) for (const begin of waiting) begin();
			}
		},
		async later(act) {
			if (running) await free();
			return act();
		}
	};
}
