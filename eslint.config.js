// What the compiler does not see: unused names, forgotten awaits in templates, broken Svelte.
import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

export default tseslint.config(
	{ ignores: ['build/', '.svelte-kit/', 'node_modules/', 'data/', 'test-results/', 'static/'] },
	...tseslint.configs.recommended,
	...svelte.configs['flat/recommended'],
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: { parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.svelte'], svelteConfig } }
	},
	{
		rules: {
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
			'@typescript-eslint/no-unused-expressions': 'off', // a conditional for its effect reads well where it is short
			'svelte/no-navigation-without-resolve': 'off', // paths here are plain and have no base
			'svelte/prefer-svelte-reactivity': 'off', // a Map that nothing on screen reads is a Map
			'svelte/prefer-writable-derived': 'off',
			'svelte/no-at-html-tags': 'error'
		}
	}
);
