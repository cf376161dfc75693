import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import { writeBillOfMaterials } from './src/sbom.ts';

export default defineConfig({
	plugins: [tailwindcss(), sveltekit(), { name: 'sbom', apply: 'build', closeBundle: { order: 'post', sequential: true, handler: () => writeBillOfMaterials('build/sbom.cdx.json') } }],
	build: { rolldownOptions: { checks: { pluginTimings: false } } },
	optimizeDeps: { include: ['pdfjs-dist', 'bits-ui'] }
});
