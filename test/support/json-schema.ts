// JSON Schema, draft 2020-12, as far as our own schemas go. A keyword it does not know is an error: nothing is left unchecked in silence.

type Schema = Readonly<Record<string, unknown>>;

const known = ['$schema', '$defs', '$ref', 'title', 'description', 'type', 'enum', 'const', 'pattern', 'minimum', 'anyOf', 'required', 'properties', 'additionalProperties', 'items', 'maxItems'];

const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
const isType = (value: unknown, type: string): boolean => typeOf(value) === type || (type === 'integer' && Number.isInteger(value));

/** What is wrong with a value, each with its place; empty: it keeps to the schema. Throws on a schema it cannot do. */
export function schemaFaults(root: Schema, value: unknown, schema: Schema = root, place = '$'): string[] {
	const strange = Object.keys(schema).filter((key) => !known.includes(key));
	if (strange.length) throw new Error(`${place}: ${strange.join(', ')}: not done here`);
	if ('$ref' in schema) return schemaFaults(root, value, (root.$defs as Record<string, Schema>)[(schema.$ref as string).replace('#/$defs/', '')], place);
	if ('anyOf' in schema) {
		const each = (schema.anyOf as Schema[]).map((one) => schemaFaults(root, value, one, place));
		return each.some((faults) => !faults.length) ? [] : [...each].sort((a, b) => a.length - b.length)[0]!;
	}
	const faults: string[] = [];
	const fault = (wrong: boolean, what: string) => wrong && faults.push(`${place}: ${what}`);
	const types = schema.type === undefined ? null : [schema.type].flat().map(String);
	fault(types !== null && !types.some((type) => isType(value, type)), `${typeOf(value)}, not ${types?.join(' or ')}`);
	fault('enum' in schema && !(schema.enum as unknown[]).includes(value), `${JSON.stringify(value)} is none of its values`);
	fault('const' in schema && schema.const !== value, `${JSON.stringify(value)}, not ${JSON.stringify(schema.const)}`);
	if (typeof value === 'string') fault('pattern' in schema && !new RegExp(schema.pattern as string, 'u').test(value), `${JSON.stringify(value)}, not ${String(schema.pattern)}`);
	if (typeof value === 'number') fault('minimum' in schema && value < (schema.minimum as number), `${value} is too small`);
	if (Array.isArray(value)) {
		fault('maxItems' in schema && value.length > (schema.maxItems as number), `${value.length} items`);
		if ('items' in schema) faults.push(...value.flatMap((item, i) => schemaFaults(root, item, schema.items as Schema, `${place}[${i}]`)));
	} else if (typeof value === 'object' && value !== null) {
		const properties = (schema.properties ?? {}) as Record<string, Schema>;
		for (const key of (schema.required ?? []) as string[]) fault(!(key in value), `without ${key}`);
		for (const [key, inner] of Object.entries(value)) {
			if (key in properties) faults.push(...schemaFaults(root, inner, properties[key], `${place}.${key}`));
			else fault(schema.additionalProperties === false, `${key} is not foreseen`);
		}
	}
	return faults;
}
