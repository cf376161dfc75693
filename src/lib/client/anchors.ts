// Text anchors: where words stand on a page, and the marks {{signature:1}} that say what goes where.

/** Some text of a page, in one direction: its box on the page as seen, from the top left corner, in points. */
export interface Piece {
	readonly text: string;
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

export type Spot = Omit<Piece, 'text'>;

interface Letter {
	readonly letter: string;
	readonly piece: Piece;
	/** Its place in the piece, from 0 to 1. */
	readonly from: number;
	readonly to: number;
}

/** A page's letters without its spaces, which PDFs leave out or put in as they like; case and accents aside. */
const letters = (pieces: readonly Piece[]): Letter[] =>
	pieces.flatMap((piece) => {
		const all = [...piece.text];
		return all.flatMap((c, i) => [...plain(c)].map((letter) => ({ letter, piece, from: i / all.length, to: (i + 1) / all.length })));
	});

const plain = (text: string): string => text.normalize('NFKD').replace(/[\p{M}\s]/gu, '').toLowerCase();

/** From the first letter to the last one on its line. */
function spot(found: readonly Letter[]): Spot {
	const [first] = found as readonly [Letter];
	const { piece } = first;
	const last = found.findLast((l) => Math.abs(l.piece.y - piece.y) < piece.height / 2)!;
	const x = piece.x + piece.width * first.from;
	return { x, y: piece.y, width: Math.max(1, last.piece.x + last.piece.width * last.to - x), height: piece.height };
}

/** Every occurrence of `words` on a page, whatever its case, accents and spaces. */
export function occurrences(pieces: readonly Piece[], words: string): Spot[] {
	const all = letters(pieces);
	const text = all.map((l) => l.letter).join('');
	const wanted = plain(words);
	const out: Spot[] = [];
	if (!wanted) return out;
	for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) out.push(spot(all.slice(at, at + wanted.length)));
	return out;
}

const kinds = { signature: 'signature', initials: 'initials', paraphe: 'initials', date: 'date', text: 'text', texte: 'text', checkbox: 'checkbox', case: 'checkbox', mention: 'mention' } as const;

export interface Mark extends Spot {
	readonly kind: (typeof kinds)[keyof typeof kinds];
	/** From 1. */
	readonly signer: number;
}

/** The marks of a page: `{{kind:signer}}`, the kind in French or English. */
export function marks(pieces: readonly Piece[]): Mark[] {
	const all = letters(pieces);
	const text = all.map((l) => l.letter).join('');
	return [...text.matchAll(/\{\{([a-z]+):(\d{1,2})\}\}/g)].flatMap((m) => {
		const kind = kinds[m[1] as keyof typeof kinds];
		return kind ? [{ ...spot(all.slice(m.index, m.index + m[0].length)), kind, signer: Number(m[2]) }] : [];
	});
}
