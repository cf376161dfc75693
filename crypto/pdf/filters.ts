// Decoding streams (ISO 32000-1 §7.4): what structure needs, no image codecs. Capped by inflate.ts.

import { CryptoError } from '../errors.ts';
import { inflate, type InflateLimits, defaultLimits } from './inflate.ts';
import { isArray, isDict, isName, isNumber, type Dict, type PdfObject, type Stream } from './objects.ts';

/** The decoded bytes. Throws CryptoError `unsupported` on a filter not done here, `malformed`, `limit`. `resolve` follows references. */
export function decodeStream(stream: Stream, resolve: (o: PdfObject | undefined) => PdfObject, limits: InflateLimits = defaultLimits): Uint8Array {
	const list = (o: PdfObject) => (isArray(o) ? o.items.map(resolve) : o === null ? [] : [o]);
	const { map } = stream.dict;
	const filters = list(resolve(map.get('Filter')));
	const parameters = list(resolve(map.get('DecodeParms')));
	if (filters.length > 4) throw new CryptoError('limit', 'pdf-filters', 'too many filters');
	return filters.reduce<Uint8Array>((bytes, filter, i) => {
		if (!isName(filter)) throw new CryptoError('malformed', 'pdf-filter', 'a filter is a name');
		const own = parameters[i];
		return decode(filter.name, bytes, isDict(own) ? own : null, resolve, limits);
	}, stream.raw);
}

function decode(filter: string, bytes: Uint8Array, parameters: Dict | null, resolve: (o: PdfObject | undefined) => PdfObject, limits: InflateLimits): Uint8Array {
	if (filter === 'FlateDecode' || filter === 'Fl') return predict(inflate(bytes, limits), parameters, resolve);
	if (filter === 'ASCIIHexDecode' || filter === 'AHx') return asciiHex(bytes);
	throw new CryptoError('unsupported', 'pdf-filter', filter);
}

function asciiHex(bytes: Uint8Array): Uint8Array {
	const text = Array.from(bytes, (b) => String.fromCharCode(b)).join('').replace(/\s/g, '');
	const [body = ''] = text.split('>');
	if (!/^[0-9A-Fa-f]*$/.test(body)) throw new CryptoError('malformed', 'pdf-filter', 'ASCIIHexDecode');
	return Uint8Array.from((`${body}${body.length % 2 ? '0' : ''}`.match(/../g) ?? []).map((pair) => parseInt(pair, 16)));
}

/** PNG predictors (§7.4.4.4); cross-reference and object streams use them. */
function predict(bytes: Uint8Array, parameters: Dict | null, resolve: (o: PdfObject | undefined) => PdfObject): Uint8Array {
	const value = (key: string, otherwise: number) => {
		const n = resolve(parameters?.map.get(key));
		return isNumber(n) ? n.value : otherwise;
	};
	const predictor = value('Predictor', 1);
	if (predictor === 1) return bytes;
	if (predictor < 10 || predictor > 15) throw new CryptoError('unsupported', 'pdf-predictor', String(predictor));
	const sample = (value('Colors', 1) * value('BitsPerComponent', 8)) / 8;
	const columns = value('Columns', 1);
	const pixel = Math.max(1, Math.ceil(sample));
	const width = Math.ceil(sample * columns);
	if (!Number.isInteger(width) || width < 1 || width > 1 << 20) throw new CryptoError('malformed', 'pdf-predictor', 'row width');
	if (bytes.length % (width + 1)) throw new CryptoError('malformed', 'pdf-predictor', 'not whole rows');
	const rows = bytes.length / (width + 1);
	const out = new Uint8Array(rows * width);
	for (let r = 0; r < rows; r++) {
		const type = bytes[r * (width + 1)]!;
		for (let i = 0; i < width; i++) {
			const at = r * width + i;
			const left = i >= pixel ? out[at - pixel]! : 0;
			const up = r ? out[at - width]! : 0;
			const corner = r && i >= pixel ? out[at - width - pixel]! : 0;
			out[at] = bytes[r * (width + 1) + 1 + i]! + add(type, left, up, corner);
		}
	}
	return out;
}

function add(type: number, left: number, up: number, corner: number): number {
	switch (type) {
		case 0:
			return 0;
		case 1:
			return left;
		case 2:
			return up;
		case 3:
			return (left + up) >> 1;
		case 4: {
			const p = left + up - corner;
			const [a, b, c] = [Math.abs(p - left), Math.abs(p - up), Math.abs(p - corner)];
			return a <= b && a <= c ? left : b <= c ? up : corner;
		}
		default:
			throw new CryptoError('malformed', 'pdf-predictor', `row type ${type}`);
	}
}
