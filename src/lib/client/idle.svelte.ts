// A session ends after so long without a request: said in time, extended by whoever is there, and nothing typed is lost.

/** How long before the end one is warned; how long one types before the server hears of it. In milliseconds. */
const [warning, silence] = [120_000, 300_000];
const address = '/session';

export class Idle {
	state = $state<'fresh' | 'warned' | 'ended'>('fresh');
	private readonly idle: number;
	private readonly endsAt: number;
	private contact = Date.now();
	private input = 0;
	private asking = false;
	private tabs: BroadcastChannel | null = null;

	/** `idleMinutes` without a request end it; `endsAt`, whatever happens. */
	constructor(idleMinutes: number, endsAt: Date) {
		this.idle = idleMinutes * 60_000;
		this.endsAt = endsAt.getTime();
	}

	/** Begins to watch requests of every tab, keys and pointers. Returns how to stop. */
	watch(): () => void {
		this.tabs = new BroadcastChannel('session-contact');
		this.tabs.onmessage = ({ data }: MessageEvent<number>) => this.heard(data);
		const requests = new PerformanceObserver((list) => {
			const ours = list.getEntries().filter((e) => e.name.startsWith(location.origin));
			for (const { startTime } of ours) this.heard(performance.timeOrigin + startTime, true);
		});
		requests.observe({ type: 'resource' });
		const touched = () => (this.input = Date.now());
		for (const event of ['keydown', 'pointerdown']) addEventListener(event, touched, { passive: true });
		const timer = setInterval(() => this.look(), 5000);
		return () => {
			clearInterval(timer);
			requests.disconnect();
			this.tabs?.close();
			for (const event of ['keydown', 'pointerdown']) removeEventListener(event, touched);
		};
	}

	/** Asks the server to go on; it may find that the session has ended. */
	async extend(): Promise<void> {
		if (this.asking) return;
		this.asking = true;
		try {
			const response = await fetch(address, { method: 'POST' });
			if (response.ok) this.heard(Date.now(), true);
			else if (response.status === 401) this.state = 'ended';
		} catch {
			// offline: the page says so, and the next look asks again
		} finally {
			this.asking = false;
		}
	}

	private heard(at: number, tell = false): void {
		if (at <= this.contact) return;
		this.contact = at;
		this.state = 'fresh';
		if (tell) this.tabs?.postMessage(at);
	}

	private look(): void {
		if (this.state === 'ended') return;
		const now = Date.now();
		const left = Math.min(this.contact + this.idle, this.endsAt) - now;
		if (left <= 0 || (this.input > this.contact && now - this.contact > silence && this.state === 'fresh')) void this.extend();
		else if (left <= warning) this.state = 'warned';
	}
}
