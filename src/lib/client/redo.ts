// The commands that redo a verification with openssl and the usual tools: what a sceptic types on their own machine.

import type { Verdict } from './verify-worker.ts';

const quoted = (name: string): string => `'${name.replaceAll("'", `'\\''`)}'`;

/** Shell lines. Empty when a PDF's ranges and its signatures do not pair: nothing is guessed. */
export function redo(verdict: Verdict, file: string, original: string | null): string {
	if (verdict.kind === 'receipt') {
		const data = original ? quoted(original) : 'original';
		return [
			`sha256sum ${data}   # ${verdict.report.receipt ? Array.from(verdict.report.receipt.sha256, (b) => b.toString(16).padStart(2, '0')).join('') : '?'}`,
			`jq -r .token ${quoted(file)} | base64 -d > token.der`,
			`openssl ts -verify -token_in -in token.der -data ${data} -CAfile root.pem`
		].join('\n');
	}
	const { ranges, report } = verdict;
	const ordered = [...ranges].sort((a, b) => a[2] + a[3] - (b[2] + b[3]));
	if (!ordered.length || ordered.length !== report.signatures.length) return '';
	const name = quoted(file);
	return ordered
		.map(([start, length, second, rest], i) => {
			const n = i + 1;
			const bytes = `head -c ${start + length} ${name} > signed-${n}.bin; tail -c +${second + 1} ${name} | head -c ${rest} >> signed-${n}.bin`;
			const contents = `tail -c +${start + length + 2} ${name} | head -c ${second - start - length - 2} | xxd -r -p > signature-${n}.der`;
			const verify =
				report.signatures[i]!.kind === 'signature'
					? `openssl cms -verify -binary -inform DER -in signature-${n}.der -content signed-${n}.bin -CAfile root.pem -purpose any -out /dev/null`
					: `openssl ts -verify -token_in -in signature-${n}.der -data signed-${n}.bin -CAfile root.pem`;
			return [bytes, contents, verify].join('\n');
		})
		.join('\n\n');
}
