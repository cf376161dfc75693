// The fields in the editor: what is placed, what is chosen, what can be undone, and whether it is saved.

import { within, type Box, type Size } from './placing.ts';

export interface Field extends Box {
	readonly id: string;
	readonly signer: string;
	readonly kind: 'signature' | 'initials' | 'date' | 'text' | 'checkbox' | 'mention';
	/** 0-based. */
	readonly page: number;
	readonly required: boolean;
	readonly label: string;
	readonly expected: string;
}

export const kinds = ['signature', 'initials', 'date', 'text', 'checkbox', 'mention'] as const satisfies readonly Field['kind'][];

const sizes: Readonly<Record<Field['kind'], Size>> = {
	signature: { width: 200, height: 60 },
	initials: { width: 50, height: 24 },
	date: { width: 90, height: 22 },
	text: { width: 160, height: 22 },
	checkbox: { width: 14, height: 14 },
	mention: { width: 220, height: 40 }
};

type Fields = readonly Field[];
/** Answers the new revision, or why it was refused. */
export type Save = (revision: number, fields: Fields) => Promise<{ readonly revision: number } | { readonly reason: string }>;

const pause = 500; // milliseconds without a change, then it is saved

export class FieldLayout {
	fields = $state.raw<Fields>([]);
	chosen = $state<string | null>(null);
	state = $state<'saved' | 'saving' | 'failed'>('saved');
	reason = $state<string | null>(null);
	#past = $state.raw<readonly Fields[]>([]);
	#future = $state.raw<readonly Fields[]>([]);
	#merging: string | null = null;
	#revision: number;
	#save: Save;
	#pages: readonly Size[] = [];
	#timer: ReturnType<typeof setTimeout> | undefined;
	#sending: Promise<void> | null = null;

	constructor(start: { readonly revision: number; readonly fields: Fields }, save: Save) {
		this.fields = start.fields;
		this.#revision = start.revision;
		this.#save = save;
	}
	/** The pages' sizes, once they are known. */
	measure(pages: readonly Size[]): void {
		this.#pages = pages;
	}
	get current(): Field | null {
		return this.fields.find((f) => f.id === this.chosen) ?? null;
	}
	get canUndo(): boolean {
		return this.#past.length > 0;
	}
	get canRedo(): boolean {
		return this.#future.length > 0;
	}

	/** Changes of one `stroke` (a drag, a word typed) are undone together. */
	#change(fields: Fields, stroke: string | null = null): void {
		if (stroke === null || stroke !== this.#merging) this.#past = [...this.#past.slice(-99), this.fields];
		this.#merging = stroke;
		this.#future = [];
		this.#show(fields);
	}
	#show(fields: Fields): void {
		this.fields = fields;
		this.state = 'saving';
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.flush(), pause);
	}
	#on(page: number): Size {
		return this.#pages[page] ?? { width: 595, height: 842 };
	}

	/** A drag, or a word, is over: what comes next is another step. */
	settle(): void {
		this.#merging = null;
	}
	/** Adds fields; a second signature of one signer moves the first. The last one is chosen. */
	add(wishes: readonly (Pick<Field, 'signer' | 'kind' | 'page'> & { readonly x: number; readonly y: number } & Partial<Field>)[], mention: string): void {
		let next = this.fields;
		for (const wish of wishes) {
			const made = within({ ...sizes[wish.kind], required: wish.kind !== 'checkbox', label: '', expected: wish.kind === 'mention' ? mention : '', ...wish, id: crypto.randomUUID() }, this.#on(wish.page));
			if (made.kind === 'signature') next = next.filter((f) => f.kind !== 'signature' || f.signer !== made.signer);
			next = [...next, made];
			this.chosen = made.id;
		}
		if (next !== this.fields) this.#change(next);
	}
	static sizeOf(kind: Field['kind']): Size {
		return sizes[kind];
	}
	/** Changes one field. A signature given to a signer who has one takes its place. */
	set(id: string, change: Partial<Field>, stroke: string | null = null): void {
		const next = this.fields.map((f) => (f.id === id ? within({ ...f, ...change }, this.#on(change.page ?? f.page)) : f));
		const own = next.find((f) => f.id === id);
		if (own) this.#change(own.kind === 'signature' ? next.filter((f) => f.id === id || f.kind !== 'signature' || f.signer !== own.signer) : next, stroke && `${stroke}:${id}`);
	}
	remove(id: string): void {
		this.#change(this.fields.filter((f) => f.id !== id));
		if (this.chosen === id) this.chosen = null;
	}
	/** The same field on every other page, at the same place. */
	onEveryPage(id: string): void {
		const from = this.fields.find((f) => f.id === id);
		if (!from || from.kind === 'signature') return;
		const others = this.#pages.flatMap((size, page) => (page === from.page ? [] : [within({ ...from, id: crypto.randomUUID(), page }, size)]));
		this.#change([...this.fields, ...others]);
	}
	undo(): void {
		const before = this.#past.at(-1);
		if (!before) return;
		this.#past = this.#past.slice(0, -1);
		this.#future = [...this.#future, this.fields];
		this.#merging = null;
		this.#show(before);
	}
	redo(): void {
		const after = this.#future.at(-1);
		if (!after) return;
		this.#future = this.#future.slice(0, -1);
		this.#past = [...this.#past, this.fields];
		this.#merging = null;
		this.#show(after);
	}

	/** Saves what is not saved yet, one request at a time. */
	async flush(): Promise<void> {
		clearTimeout(this.#timer);
		if (this.#sending) {
			await this.#sending;
			return this.flush();
		}
		if (this.state === 'saved') return;
		const sent = this.fields;
		this.#sending = (async () => {
			const answer = await this.#save(this.#revision, sent);
			this.reason = 'reason' in answer ? answer.reason : null;
			if ('revision' in answer) this.#revision = answer.revision;
			if (this.fields === sent) this.state = 'reason' in answer ? 'failed' : 'saved';
			this.#sending = null;
		})();
		await this.#sending;
	}
}
