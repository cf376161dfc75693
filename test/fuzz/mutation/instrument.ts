// All mutants of a source file in one: each mutated place asks at run time whether its mutant is the one switched on. Nothing is loaded again between mutants.

import ts from 'typescript';

export interface Mutant {
	readonly file: string;
	/** 1-based. */
	readonly line: number;
	/** `from → to`, on one line, and ` #2` where a file has the same again: names the mutant in the list of equivalents whatever line it moves to. */
	readonly change: string;
}

const swaps = new Map<ts.SyntaxKind, readonly string[]>([
	[ts.SyntaxKind.EqualsEqualsEqualsToken, ['!==']],
	[ts.SyntaxKind.ExclamationEqualsEqualsToken, ['===']],
	[ts.SyntaxKind.LessThanToken, ['<=', '>=']],
	[ts.SyntaxKind.LessThanEqualsToken, ['<', '>']],
	[ts.SyntaxKind.GreaterThanToken, ['>=', '<=']],
	[ts.SyntaxKind.GreaterThanEqualsToken, ['>', '<']],
	[ts.SyntaxKind.AmpersandAmpersandToken, ['||']],
	[ts.SyntaxKind.BarBarToken, ['&&']],
	[ts.SyntaxKind.PlusToken, ['-']],
	[ts.SyntaxKind.MinusToken, ['+']]
]);

const isCondition = (node: ts.Node): boolean => (ts.isIfStatement(node.parent) && node.parent.expression === node) || (ts.isConditionalExpression(node.parent) && node.parent.condition === node);
const isTarget = (node: ts.Node): boolean => ts.isBinaryExpression(node.parent) && node.parent.left === node && node.parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
const opposites = new Map(Object.entries({ some: 'every', every: 'some', min: 'max', max: 'min' }));

/** What may stand in the place of an expression. */
function replacements(node: ts.Node, text: (n: ts.Node) => string): string[] {
	const out: string[] = [];
	const operand = (n: ts.Node) => (ts.isBinaryExpression(n) ? `(${text(n)})` : text(n));
	if (ts.isExpression(node) && isCondition(node)) out.push(`!(${text(node)})`, ...(ts.isIfStatement(node.parent) && !(removable(node.parent.thenStatement) && !node.parent.elseStatement) ? ['false'] : []));
	if (ts.isBinaryExpression(node)) {
		const strings = [node.left, node.right].some((side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side));
		const arithmetic = [ts.SyntaxKind.PlusToken, ts.SyntaxKind.MinusToken].includes(node.operatorToken.kind);
		if (!arithmetic || !strings) for (const operator of swaps.get(node.operatorToken.kind) ?? []) out.push(`${operand(node.left)} ${operator} ${operand(node.right)}`);
	}
	if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) out.push(text(node.operand));
	if (node.kind === ts.SyntaxKind.TrueKeyword) out.push('false');
	if (node.kind === ts.SyntaxKind.FalseKeyword) out.push('true');
	if (ts.isArrayLiteralExpression(node) && node.elements.length > 1 && !isTarget(node)) node.elements.forEach((_, i) => out.push(`[${node.elements.filter((_, j) => j !== i).map(text).join(', ')}]`));
	if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && opposites.has(node.expression.name.text)) {
		const { expression, name } = node.expression;
		out.push(`${text(expression)}${node.expression.questionDotToken ? '?' : ''}.${opposites.get(name.text)}(${node.arguments.map(text).join(', ')})`);
	}
	return out;
}

/** Statements that may be left out: refusals, early ends, and calls made for their effect. */
function removable(node: ts.Node): boolean {
	if (ts.isThrowStatement(node) || ts.isContinueStatement(node)) return true;
	if (ts.isReturnStatement(node)) return !ts.isBlock(node.parent) || node.parent.statements.at(-1) !== node || !ts.isFunctionLike(node.parent.parent);
	return ts.isExpressionStatement(node) && ts.isCallExpression(node.expression);
}

/** The file with its mutants, which call `$mutant(first + i)` to know whether they are on. Only inside functions: what a module computes when loaded is computed once. */
export function instrument(file: string, source: string, first: number): { readonly code: string; readonly mutants: readonly Mutant[] } {
	const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
	const mutants: Mutant[] = [];
	const seen = new Map<string, number>();
	const text = (node: ts.Node) => source.slice(node.getStart(), node.end);
	const ask = (node: ts.Node, to: string): string => {
		const line = tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
		const change = `${text(node)} → ${to}`.replace(/\s+/g, ' ');
		const before = seen.get(change) ?? 0;
		seen.set(change, before + 1);
		mutants.push({ file, line, change: before ? `${change} #${before + 1}` : change });
		return `$mutant(${first + mutants.length - 1})`;
	};
	function emit(node: ts.Node, inside: boolean): string {
		if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return text(node);
		const within = inside || ts.isFunctionLike(node);
		let code = '';
		let at = node.getStart();
		ts.forEachChild(node, (child) => {
			code += source.slice(at, child.getStart()) + emit(child, within);
			at = child.end;
		});
		code += source.slice(at, node.end);
		if (!inside) return code;
		if (removable(node)) return `{ if (!${ask(node, 'nothing')}) ${code} }`; // braces: an else after it is not its
		return replacements(node, text).reduce((rest, to) => `(${ask(node, to)} ? (${to}) : ${rest})`, code);
	}
	return { code: emit(tree, false), mutants };
}
