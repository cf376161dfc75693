// The HTML of a mail, made from its text: the same words, so the two cannot differ. Inline styles, dark or light, nothing fetched.
// Understands paragraphs, lines, quotations (`> `) and addresses of our own; the first that stands alone on its line becomes a button, the address below it.

export interface Sheet {
	readonly lang: 'fr' | 'en';
	readonly subject: string;
	readonly text: string;
	/** `https://safe.example`: only what begins with it is linked. */
	readonly origin: string;
	/** On top: whose letter it is. */
	readonly name: string;
	/** Source of the logo beside it, `cid:` or `data:`; null: none. */
	readonly logo: string | null;
}

const open = { fr: 'Ouvrir le lien', en: 'Open the link' } as const;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => entities[c]!);

const light = { paper: 'background-color:#fbfaf7;color:#1d2430', sheet: 'background-color:#ffffff;border:1px solid #d9d6cf', quote: 'border-left:3px solid #d9d6cf', link: 'color:#1f5f5b', button: 'background-color:#1f5f5b;color:#ffffff' };
const dark = { paper: 'background-color:#15171a;color:#e9e7e2', sheet: 'background-color:#1d2024;border-color:#383d45', quote: 'border-color:#383d45', link: 'color:#7fc9c2', button: 'background-color:#7fc9c2;color:#0e1f1e' };
const darkRules = Object.entries(dark).map(([name, style]) => `.${name}{${style.replaceAll(';', '!important;')}!important}`).join('');

const link = (url: string) => `<a class="link" href="${escape(url)}" style="${light.link};overflow-wrap:anywhere">${escape(url)}</a>`;
const button = (url: string, label: string) => `<p style="margin:0 0 8px"><a class="button" href="${escape(url)}" style="${light.button};display:inline-block;padding:12px 20px;border-radius:8px;font-weight:600;text-decoration:none">${label}</a></p>`;
const paragraph = (lines: readonly string[]) => `<p style="margin:0 0 16px;overflow-wrap:anywhere">${lines.join('<br>')}</p>`;
const quotation = (lines: readonly string[]) => `<blockquote class="quote" dir="auto" style="${light.quote};margin:0 0 16px;padding:4px 0 4px 14px;overflow-wrap:anywhere">${lines.map(escape).join('<br>')}</blockquote>`;

/** Runs of lines of one kind, in order; a blank line ends a run. */
function runs(text: string): { readonly kind: 'words' | 'quote'; readonly lines: string[] }[] {
	const found: { kind: 'words' | 'quote'; lines: string[] }[] = [];
	let broken = true;
	for (const line of text.split('\n')) {
		const kind = /^> ?/.test(line) ? 'quote' : 'words';
		const last = found.at(-1);
		if (line.trim() && !broken && last?.kind === kind) last.lines.push(line);
		else if (line.trim()) found.push({ kind, lines: [line] });
		broken = !line.trim();
	}
	return found;
}

/** The whole page. */
export function htmlOf({ lang, subject, text, origin, name, logo }: Sheet): string {
	const own = new RegExp(`(${origin.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?:/[^\\s«»<>"]*[^\\s«»<>".,;:!?]|(?=\\s|$)))`);
	const linked = (line: string) => line.split(own).map((part, i) => (i % 2 ? link(part) : escape(part))).join('');
	let shown = false;
	const ourWords = (lines: readonly string[]): string => {
		const at = shown ? -1 : lines.findIndex((line) => own.exec(line)?.[0] === line);
		if (at < 0) return paragraph(lines.map(linked));
		shown = true;
		const parts = [lines.slice(0, at).map(linked), lines.slice(at).map(linked)] as const;
		return `${parts[0].length ? paragraph(parts[0]) : ''}${button(lines[at]!, open[lang])}${paragraph(parts[1])}`;
	};
	const body = runs(text).map(({ kind, lines }) => (kind === 'quote' ? quotation(lines.map((line) => line.replace(/^> ?/, ''))) : ourWords(lines))).join('\n');
	const picture = logo ? `<img src="${escape(logo)}" alt="" height="40" style="display:block;height:40px;width:auto;max-width:100%;margin:0 0 8px;padding:4px;border-radius:4px;background-color:#ffffff">` : '';
	return `<!doctype html>
<html lang="${lang}" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>${escape(subject)}</title>
<style>:root{color-scheme:light dark}@media (prefers-color-scheme:dark){${darkRules}}</style></head>
<body class="paper" style="${light.paper};margin:0;padding:24px 12px;font-family:system-ui,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;font-size:16px;line-height:1.55">
<div class="sheet" role="article" aria-label="${escape(subject)}" style="${light.sheet};max-width:600px;margin:0 auto;padding:24px 20px 8px;border-radius:8px">
${picture}<p style="margin:0 0 20px;font-weight:600;overflow-wrap:anywhere">${escape(name)}</p>
${body}
</div></body></html>
`;
}
