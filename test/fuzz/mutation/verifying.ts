// Which files of crypto/ decide a verdict, and are mutated, with what verifies in a browser; and which are not, and why.

const of = (folder: string, names: string): string[] => names.split(' ').map((name) => `crypto/${folder}/${name}.ts`);

export const verifying: readonly string[] = [
	...of('asn1', 'der values'),
	...of('bundle', 'receipt'),
	...of('cms', 'attributes signed-data verify'),
	...of('ers', 'hash-tree record renew report token-data verify'),
	...of('pades', 'chain evidence integrity judging level renewal report signature timestamp validate'),
	...of('pdf', 'byte-range changes decrypt document form form-changes gaps permissions revision step stray xref'),
	...of('seal', 'format wrap'),
	...of('tlog', 'checkpoint cosignature entry frontier heads merkle note succession tile'),
	...of('tsp', 'response token tst-info'),
	...of('x509', 'algorithm certificate crl crl-answer crl-scope embedded extensions lifetimes name name-constraints ocsp path policy revocation revocation-data revocation-verdict'),
	'src/lib/client/primitives.ts',
	'src/lib/client/rsa.ts'
];

/** Every other file, by its reason. */
export const others: Readonly<Record<string, readonly string[]>> = {
	'reads bytes into values and judges nothing: 20,000 mutants of files (fuzz.test.ts) and the readings of other people’s files by other people’s tools (corpus.test.ts) say whether it reads right': of('pdf', 'lexer objects filters inflate rc4 page'),
	'decides what may be signed, not what a signature is worth: its tests are the corpora (corpus.test.ts) and those of preparing an envelope, which this run leaves out; without them 84 of 132 mutants are killed': of('pdf', 'preflight'),
	'writes: what it wrote is judged by those above and by other people’s tools (interop.test.ts)': [...of('asn1', 'write'), ...of('cms', 'build'), ...of('pades', 'appearance embed extend fields form-fields prepare room sign'), ...of('pdf', 'assemble copy'), ...of('x509', 'issue pem')],
	'a server’s reading of what it is asked: a wrong answer is judged by whoever asked': [...of('tsp', 'request'), ...of('x509', 'ocsp-request')],
	'names and small operations: whatever is wrong with them fails everything': ['crypto/bytes.ts', 'crypto/errors.ts', 'crypto/primitives.ts', 'crypto/asn1/oid.ts']
};
